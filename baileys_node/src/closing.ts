/** How sessions end: the codes of WhatsApp, and our own where the end is not WhatsApp's doing. */

import { DisconnectReason } from '@whiskeysockets/baileys'

export interface Closing {
  code: number | 'fenced' | 'storage' | 'passkey'
  reason: string
  /** Whether Python is told; it is not when it asked for the end itself. */
  announce: boolean
}

const REASONS: Record<number, string> = {
  [DisconnectReason.loggedOut]: 'logged_out',
  [DisconnectReason.forbidden]: 'forbidden',
  405: 'client_too_old',
  [DisconnectReason.connectionLost]: 'lost',
  [DisconnectReason.multideviceMismatch]: 'multidevice_mismatch',
  [DisconnectReason.connectionClosed]: 'connection_closed',
  [DisconnectReason.connectionReplaced]: 'replaced',
  [DisconnectReason.badSession]: 'bad_session',
  [DisconnectReason.unavailableService]: 'unavailable',
  [DisconnectReason.restartRequired]: 'restart_required',
}

export const ASKED: Closing = { code: DisconnectReason.connectionClosed, reason: 'asked', announce: false }
export const SILENT: Closing = { code: DisconnectReason.connectionLost, reason: 'silent', announce: true }
export const FENCED: Closing = { code: 'fenced', reason: 'stale_epoch', announce: true }
export const STORAGE: Closing = { code: 'storage', reason: 'storage_failed', announce: true }
export const PASSKEY: Closing = { code: 'passkey', reason: 'passkey_required', announce: true }

/** The end that Baileys reports. `scannable` when a QR was shown and nobody had paired yet. */
export function closingOf(error: (Error & { output?: { statusCode?: number } }) | undefined, scannable: boolean): Closing {
  const code = error?.output?.statusCode ?? DisconnectReason.connectionClosed
  const unscanned = scannable && code === DisconnectReason.timedOut
  return { code, reason: unscanned ? 'qr_expired' : (REASONS[code] ?? 'unexpected'), announce: true }
}

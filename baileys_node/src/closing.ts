/** How sessions end: the codes of WhatsApp, and our own where the end is not WhatsApp's doing. */

import { DisconnectReason, getBinaryNodeChild, type BinaryNode } from '@whiskeysockets/baileys'
import { code as readCode } from './text.ts'

export interface Closing {
  code: number | 'fenced' | 'storage' | 'passkey'
  reason: string
  /** Whether Python is told; it is not when it asked for the end itself. */
  announce: boolean
  /** For how long WhatsApp wants to hear nothing, where it said so: a temporary ban (402) does. */
  waitSeconds?: number | null
}

const TEMPORARY_BAN = 402
const REASONS: Record<number, string> = {
  [DisconnectReason.loggedOut]: 'logged_out',
  [TEMPORARY_BAN]: 'temporary_ban',
  [DisconnectReason.forbidden]: 'forbidden',
  405: 'client_too_old',
  406: 'banned',
  [DisconnectReason.connectionLost]: 'lost',
  409: 'client_refused',
  [DisconnectReason.multideviceMismatch]: 'multidevice_mismatch',
  [DisconnectReason.connectionClosed]: 'connection_closed',
  [DisconnectReason.connectionReplaced]: 'replaced',
  [DisconnectReason.badSession]: 'bad_session',
  [DisconnectReason.unavailableService]: 'unavailable',
  [DisconnectReason.restartRequired]: 'restart_required',
}
const UNREACHABLE = 'unreachable'
/** What Baileys puts before the errors of the connection itself. */
const NOT_WHATSAPP = 'WebSocket Error'

export const ASKED: Closing = { code: DisconnectReason.connectionClosed, reason: 'asked', announce: false }
export const SILENT: Closing = { code: DisconnectReason.connectionLost, reason: 'silent', announce: true }
export const FENCED: Closing = { code: 'fenced', reason: 'stale_epoch', announce: true }
export const STORAGE: Closing = { code: 'storage', reason: 'storage_failed', announce: true }
export const PASSKEY: Closing = { code: 'passkey', reason: 'passkey_required', announce: true }

type Ending = Error & { output?: { statusCode?: number } }

/** The end that Baileys reports. `reached` once anybody answered; `scannable` when a QR was shown and nobody had paired. */
export function closingOf(error: Ending | undefined, { reached, scannable }: { reached: boolean; scannable: boolean }): Closing {
  const code = readCode(error?.output?.statusCode) ?? DisconnectReason.connectionClosed
  // A proxy's 401 or 403 is no word of WhatsApp's: nobody was logged out or banned by it.
  if (!reached) return { code: DisconnectReason.unavailableService, reason: UNREACHABLE, announce: true }
  if (String(error?.message).startsWith(NOT_WHATSAPP) && code !== DisconnectReason.connectionLost) {
    return { code: DisconnectReason.unavailableService, reason: 'unavailable', announce: true }
  }
  const unscanned = scannable && code === DisconnectReason.timedOut
  return { code, reason: unscanned ? 'qr_expired' : (REASONS[code] ?? 'unexpected'), announce: true }
}

/**
 * The end that WhatsApp itself announces, in `<failure reason expire>` or `<stream:error code>`; null when the stanza
 * names no code, and the end is Baileys' to report. One that is no number would make Baileys throw and never end.
 */
export function closingIn(node: BinaryNode): Closing | null {
  const told = node.tag === 'failure' ? node.attrs['reason'] : (node.attrs['code'] ?? conflictCode(node))
  if (told === undefined) return null
  const code = readCode(told) ?? DisconnectReason.badSession
  return { code, reason: REASONS[code] ?? 'unexpected', announce: true, waitSeconds: readCode(node.attrs['expire']) }
}

/** A conflict is either another place that took over, which Baileys knows, or the end of this device. */
function conflictCode(node: BinaryNode): string | undefined {
  const type = getBinaryNodeChild(node, 'conflict')?.attrs['type']
  return type === 'device_removed' ? String(DisconnectReason.loggedOut) : undefined
}

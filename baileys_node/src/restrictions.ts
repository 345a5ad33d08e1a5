/** What WhatsApp forbids an account for a while (F5), read from its reports and from its answers when we ask. */

import {
  NewChatMessageCappingStatusType,
  type ConnectionState,
  type NewChatMessageCapInfo,
  type WASocket,
} from '@whiskeysockets/baileys'
import type { Json } from './frames.ts'
import { boundedInstant, clean } from './text.ts'

const SECOND_MS = 1_000
const MAX_DETAIL_CHARS = 500

/** New chats are refused (463), or null when they are not. */
export function timelock(lock: ConnectionState['reachoutTimeLock']): Json | null {
  if (!lock?.isActive) return null
  return {
    kind: 'reachout_timelock',
    until_ms: boundedInstant(lock.timeEnforcementEnds?.getTime()),
    detail: detail({ type: lock.enforcementType }),
  }
}

/** The month's quota of new chats is used up, or null when it is not: warnings restrict nothing. */
export function messageCap(cap: NewChatMessageCapInfo): Json | null {
  if (cap.capping_status !== NewChatMessageCappingStatusType.CAPPED) return null
  const end = Number(cap.cycle_end_timestamp)
  return {
    kind: 'message_cap',
    until_ms: end > 0 ? boundedInstant(end * SECOND_MS) : null,
    detail: detail({ used: cap.used_quota, total: cap.total_quota }),
  }
}

/** Asks WhatsApp, after a refusal, which of the two it was. The time-lock's answer comes as a `connection.update`. */
export async function askRestrictions(sock: WASocket): Promise<Json | null> {
  await sock.fetchAccountReachoutTimelock()
  return messageCap(await sock.fetchNewChatMessageCap())
}

function detail(facts: object): string {
  return clean(JSON.stringify(facts), MAX_DETAIL_CHARS)
}

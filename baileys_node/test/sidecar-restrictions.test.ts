/** WhatsApp's reports of what it forbids: only what really forbids something is told. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NewChatMessageCappingStatusType, ReachoutTimelockEnforcementType } from '@whiskeysockets/baileys'
import { messageCap, timelock } from '../src/restrictions.ts'

const { CAPPED, SECOND_WARNING } = NewChatMessageCappingStatusType
const enforcementType = ReachoutTimelockEnforcementType.DEFAULT

test('an active time-lock says until when', () => {
  const restriction = timelock({ isActive: true, timeEnforcementEnds: new Date(5_000), enforcementType })

  assert.deepEqual(restriction, { kind: 'reachout_timelock', until_ms: 5_000, detail: `{"type":"${enforcementType}"}` })
})

test('a lifted time-lock restricts nothing', () => {
  assert.equal(timelock({ isActive: false, enforcementType }), null)
})

test('a used-up quota lasts until its cycle ends', () => {
  const cap = messageCap({ capping_status: CAPPED, cycle_end_timestamp: '7', used_quota: 3, total_quota: 3 })

  assert.deepEqual(cap, { kind: 'message_cap', until_ms: 7_000, detail: '{"used":3,"total":3}' })
})

test('a warning restricts nothing', () => {
  assert.equal(messageCap({ capping_status: SECOND_WARNING }), null)
})

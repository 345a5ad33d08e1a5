/** Whom a message leaves for: what WhatsApp resolved, and never nobody (F5, F6). */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WASocket } from '@whiskeysockets/baileys'
import type { Json } from '../src/frames.ts'
import { KeyStore } from '../src/keys.ts'
import { Outcomes, type SendOutcome } from '../src/outcomes.ts'
import { Sender } from '../src/sender.ts'
import { silent } from './sidecar-support.ts'

const JID = '551188887777@s.whatsapp.net'
const LID = '90000000000001@lid'
const ACK = { tag: 'ack', attrs: { class: 'message', id: '3EB0AAAA00000001', t: '1700000000' } }

interface Line {
  /** The devices WhatsApp names, by address; an address that is missing has none. */
  devices?: Record<string, readonly number[]>
  /** What the look-up throws. */
  fails?: Error
  mine?: string | undefined
  mapping?: Record<string, string>
}

/** A sender over a Baileys that only notes what it is asked to do; WhatsApp acks whatever leaves. */
function line({ devices = {}, fails, mine = '80000000000001:2@lid', mapping = {} }: Line): {
  send(lid?: string | null): Promise<SendOutcome>
  left: string[]
  learnt: unknown[]
} {
  const left: string[] = []
  const learnt: unknown[] = []
  const outcomes = new Outcomes(() => {})
  const answer = async (op: string, args: Json): Promise<Json> => {
    const ids = (args['ids'] ?? []) as string[]
    const known = args['type'] === 'lid-mapping' ? mapping : {}
    return op === 'keys_get' ? { values: Object.fromEntries(ids.filter((id) => known[id]).map((id) => [id, JSON.stringify(known[id])])) } : {}
  }
  const keys = new KeyStore(answer, () => {})
  const sock = {
    authState: { creds: { me: { id: '551199990000:2@s.whatsapp.net', lid: mine } } },
    signalRepository: {
      lidMapping: { storeLIDPNMappings: async (pairs: unknown[]) => void learnt.push(...pairs), getLIDForPN: () => Promise.resolve(null) },
    },
    getUSyncDevices: async ([address]: [string]) => {
      if (fails) throw fails
      return (devices[address] ?? []).map((device) => ({ user: address.split('@')[0], device, jid: address }))
    },
    sendMessage: async (address: string) => {
      left.push(address)
      queueMicrotask(() => outcomes.acked(ACK))
    },
  }
  const sender = new Sender(sock as unknown as WASocket, keys, outcomes, silent)
  const order = { messageId: '3EB0AAAA00000001', jid: JID, text: 'Oi', typingMs: 0 }
  return { send: (lid = null) => sender.send({ ...order, lid }, 5_000), left, learnt }
}

const both = { [JID]: [0], [LID]: [0, 3] }

for (const [what, options, lid, address] of [
  ['without a LID it goes to the number', { devices: both }, null, JID],
  ['it goes to the LID that the order names', { devices: both }, LID, LID],
  ['it goes to the LID that is kept', { devices: both, mapping: { '551188887777': '90000000000001' } }, null, LID],
  ['a kept LID that is none is not used', { devices: both, mapping: { '551188887777': 'x@y' } }, null, JID],
  ['a LID without a device gives way to the number', { devices: { [JID]: [0] } }, LID, JID],
  ['while our own LID is not known it goes to the number', { devices: both, mine: '' }, LID, JID],
] as const) {
  test(what, async () => {
    const { send, left } = line(options)

    assert.equal((await send(lid)).outcome, 'acked')
    assert.deepEqual(left, [address])
  })
}

test('the LID that an order names is kept for the next', async () => {
  const { send, learnt } = line({ devices: both })
  await send(LID)

  assert.deepEqual(learnt, [{ lid: LID, pn: JID }])
})

for (const [what, devices] of [
  ['no device of the recipient', {}],
  ['an empty list of devices', { [JID]: [], [LID]: [] }],
] as const) {
  test(`with ${what} nothing leaves, though WhatsApp would ack it`, async () => {
    const { send, left } = line({ devices })

    await assert.rejects(send(LID), { code: 'unreachable' })
    assert.deepEqual(left, [])
  })
}

test('with a look-up that fails nothing leaves', async () => {
  const { send, left } = line({ fails: new Error('rate-overlimit') })

  await assert.rejects(send(), { code: 'internal' })
  assert.deepEqual(left, [])
})

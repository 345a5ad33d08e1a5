/** Acks and receipts as WhatsApp sends them, turned into outcomes. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BinaryNode } from '@whiskeysockets/baileys'
import { Outcomes } from '../src/outcomes.ts'
import type { Json } from '../src/frames.ts'

const PHONE = '551188887777@s.whatsapp.net'

function outcomes(): { outcomes: Outcomes; told: Array<[string, Json]> } {
  const told: Array<[string, Json]> = []
  return { outcomes: new Outcomes((event, data) => told.push([event, data])), told }
}

function ack(id: string, more: Record<string, string> = {}): BinaryNode {
  return { tag: 'ack', attrs: { class: 'message', id, from: PHONE, t: '1700000000', ...more } }
}

function receipt(id: string, more: Record<string, string> = {}, others: string[] = []): BinaryNode {
  const items = others.map((other) => ({ tag: 'item', attrs: { id: other } }))
  return {
    tag: 'receipt',
    attrs: { id, from: PHONE, t: '1700000001', ...more },
    content: [{ tag: 'list', attrs: {}, content: items }],
  }
}

test('an ack is the server\'s yes', async () => {
  const { outcomes: all } = outcomes()
  const expected = all.expect('A')
  all.acked(ack('A'))

  assert.deepEqual(await expected, { outcome: 'acked', at_ms: 1_700_000_000_000 })
})

test('an ack with an error is the server\'s no, with its number', async () => {
  const { outcomes: all } = outcomes()
  const expected = all.expect('A')
  all.acked(ack('A', { error: '463' }))

  assert.deepEqual(await expected, { outcome: 'refused', error: 463 })
})

test('a receipt proves what a lost ack did not say', async () => {
  const { outcomes: all } = outcomes()
  const expected = all.expect('A')
  all.received(receipt('A'))

  assert.deepEqual(await expected, { outcome: 'acked', at_ms: 1_700_000_001_000 })
})

test('an ack after the answer was unknown is told once, as an event', async () => {
  const { outcomes: all, told } = outcomes()
  const expected = all.expect('A')
  all.giveUp('A', 'timeout')
  all.acked(ack('A'))
  all.acked(ack('A'))

  assert.deepEqual(await expected, { outcome: 'unknown', reason: 'timeout' })
  assert.deepEqual(told, [['ack', { message_id: 'A', outcome: 'acked', at_ms: 1_700_000_000_000 }]])
})

test('the same id sent again is answered by the next ack, not told as late', async () => {
  const { outcomes: all, told } = outcomes()
  void all.expect('A')
  all.giveUp('A', 'timeout')
  const again = all.expect('A')
  all.acked(ack('A'))

  assert.equal((await again).outcome, 'acked')
  assert.deepEqual(told, [])
})

test('one receipt may speak of several messages', () => {
  const { outcomes: all, told } = outcomes()
  all.received(receipt('A', { type: 'read' }, ['B', 'C']))

  assert.deepEqual(
    told.map(([event, { message_id: id, status }]) => [event, id, status]),
    [
      ['receipt', 'A', 'read'],
      ['receipt', 'B', 'read'],
      ['receipt', 'C', 'read'],
    ],
  )
})

for (const [type, status] of [
  [undefined, 'delivered'],
  ['inactive', 'delivered'],
  ['read', 'read'],
  ['played', 'read'],
  ['retry', 'retry'],
] as const) {
  test(`a receipt of type ${type ?? 'none'} means ${status}`, () => {
    const { outcomes: all, told } = outcomes()
    all.received(receipt('A', type ? { type } : {}))

    assert.deepEqual(told.map(([, data]) => data['status']), [status])
  })
}

for (const [what, more] of [
  ['of another device of ours', { recipient: PHONE }],
  ['of a group', { from: '12345-678@g.us' }],
  ['of a kind we do not know', { type: 'sender' }],
] as const) {
  test(`a receipt ${what} says nothing of ours`, () => {
    const { outcomes: all, told } = outcomes()
    all.received(receipt('A', more))

    assert.deepEqual(told, [])
  })
}

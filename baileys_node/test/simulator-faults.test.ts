/** The simulator told to misbehave: refusals, losses, silence, every way to be disconnected; and its strict admin API. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import { startWhatsApp } from './simulator-process.ts'
import { addPhone, type Device, makeLinked } from './simulator-support.ts'

const PATIENCE_MS = 300

const whatsapp = await startWhatsApp()

async function order({ number }: Device, faults: object): Promise<void> {
  await whatsapp.ask('POST', '/faults', { number, ...faults })
}

async function shownBy(phone: string): Promise<string[]> {
  return (await whatsapp.inbox(phone)).map(({ id }) => id)
}

test('a message is refused with the error ordered, as often as ordered', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await order(device, { refuse: { error: 463, times: 1 } })

  await device.send(client, 'A1')
  await device.send(client, 'A2')

  assert.deepEqual([(await device.acked('A1'))['error'], (await device.acked('A2'))['error']], ['463', undefined])
  assert.deepEqual(await shownBy(client), ['A2'])
})

test('messages to one person can be refused while others pass', async (t) => {
  const [device, client, other] = [await makeLinked(t, whatsapp), await addPhone(whatsapp), await addPhone(whatsapp)]
  await order(device, { refuse: { error: 463, to: client } })

  await device.send(other, 'A1')
  await device.send(client, 'A2')

  assert.deepEqual([(await device.acked('A1'))['error'], (await device.acked('A2'))['error']], [undefined, '463'])
})

test('faults of one account are nobody else\'s, and are over when told', async (t) => {
  const [device, other] = [await makeLinked(t, whatsapp), await makeLinked(t, whatsapp)]
  const client = await addPhone(whatsapp)
  await order(device, { refuse: { error: 463 } })
  await other.send(client, 'A1')
  await device.send(client, 'A2')
  const errors = [(await other.acked('A1'))['error'], (await device.acked('A2'))['error']]

  await whatsapp.ask('DELETE', '/faults')
  await device.send(client, 'A3')

  assert.deepEqual([...errors, (await device.acked('A3'))['error']], [undefined, '463', undefined])
})

// An answer comes after those before it: what has not come by then does not come.
test('a message whose ack is dropped was delivered all the same', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await order(device, { drop_acks: 1 })

  await device.send(client, 'A1')
  await device.send(client, 'A2')
  await device.acked('A2')

  assert.deepEqual([device.acks, await shownBy(client)], [['A2'], ['A1', 'A2']])
})

test('a message that is dropped is neither answered nor delivered', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await order(device, { drop_messages: 1 })

  await device.send(client, 'A1')
  await device.send(client, 'A2')
  await device.acked('A2')

  assert.deepEqual([device.acks, await shownBy(client)], [['A2'], ['A2']])
})

test('an ack that is delayed comes after the receipt', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await order(device, { ack_delay_ms: PATIENCE_MS })

  await device.send(client, 'A1')
  await device.acked('A1')

  assert.deepEqual(device.order, ['receipt A1', 'ack A1'])
})

test('the connection ends with the message it was ordered to end with', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await order(device, { drop_connection_after_messages: 2 })

  await device.send(client, 'A1')
  await device.acked('A1')
  const before = device.isClosed
  await device.send(client, 'A2')

  assert.deepEqual([before, (await device.closed()).code], [false, 428])
  assert.deepEqual(await shownBy(client), ['A1', 'A2'])
})

test('a silent server leaves the line open and every question without an answer', async (t) => {
  const device = await makeLinked(t, whatsapp)
  await order(device, { silent: true })

  const ping = { tag: 'iq', attrs: { to: S_WHATSAPP_NET, type: 'get', xmlns: 'w:p' }, content: [{ tag: 'ping', attrs: {} }] }
  await assert.rejects(device.sock.query(ping, PATIENCE_MS), { message: 'Timed Out' })

  assert.equal(device.isClosed, false)
})

for (const code of [402, 403, 405, 406, 408, 409, 411, 428, 440, 500, 503, 515, 499, 999]) {
  test(`a device kicked with ${code} is told so, and may come back`, async (t) => {
    const device = await makeLinked(t, whatsapp)

    await whatsapp.ask('POST', `/sessions/${device.number}/kick`, { code })
    const closed = await device.closed()
    device.connect()
    await device.opened()

    assert.equal(closed.code, code)
  })
}

test('a device kicked with 401 is unlinked, and may not come back', async (t) => {
  const device = await makeLinked(t, whatsapp)

  await whatsapp.ask('POST', `/sessions/${device.number}/kick`, { code: 401 })
  const kicked = await device.closed()
  device.connect()

  assert.deepEqual([kicked.code, (await device.closed()).code], [401, 401])
  assert.equal(await whatsapp.session(device.number), undefined)
})

test('a line can be cut without a word', async (t) => {
  const device = await makeLinked(t, whatsapp)

  await whatsapp.ask('POST', '/drop', { number: device.number })

  assert.equal((await device.closed()).code, 428)
})

test('a device that logs out is unlinked', async (t) => {
  const device = await makeLinked(t, whatsapp)

  await device.sock.logout()
  await device.closed()

  assert.equal(await whatsapp.session(device.number), undefined)
})

for (const [what, stanza] of [
  ['of an unknown kind', { tag: 'nonsense', attrs: {} }],
  ['a message without id', { tag: 'message', attrs: { to: S_WHATSAPP_NET } }],
] as const) {
  test(`a stanza that is ${what} ends the connection, and is counted`, async (t) => {
    const device = await makeLinked(t, whatsapp)
    const { malformed: before = 0 } = await whatsapp.stats()

    await device.sock.sendNode(stanza)

    assert.equal((await device.closed()).code, 428)
    assert.equal((await whatsapp.stats())['malformed'], before + 1)
  })
}

test('a question nobody knows is refused, and the connection stays', async (t) => {
  const device = await makeLinked(t, whatsapp)

  const question = { tag: 'iq', attrs: { to: S_WHATSAPP_NET, type: 'get', xmlns: 'nonsense' } }
  await assert.rejects(device.sock.query(question), { message: 'feature-not-implemented' })

  assert.equal(device.isClosed, false)
})

const KNOWN = await addPhone(whatsapp)

for (const [what, method, path, body] of [
  ['a path that does not exist', 'GET', '/nowhere', undefined],
  ['a method that does not fit', 'DELETE', '/phones', undefined],
  ['what is not JSON', 'POST', '/faults', '{'],
  ['what is no object', 'POST', '/faults', '[]'],
  ['a fault nobody knows', 'POST', '/faults', { nope: 1 }],
  ['a fault of another type', 'POST', '/faults', { drop_acks: 'two' }],
  ['a fault of half a message', 'POST', '/faults', { drop_acks: 0.5 }],
  ['a delay before now', 'POST', '/faults', { ack_delay_ms: -1 }],
  ['a refusal without an error', 'POST', '/faults', { refuse: { times: 1 } }],
  ['a chance of more than one', 'POST', '/faults', { refuse: { error: 463, chance: 1.5 } }],
  ['a look-up answered in no known way', 'POST', '/faults', { look_up: { answer: 'maybe' } }],
  ['a line cut at no known moment', 'POST', '/faults', { cut: { when: 'later' } }],
  ['receipts for no id', 'POST', `/phones/${KNOWN}/receipts`, { to: KNOWN, ids: [] }],
  ['a refusal that is null', 'POST', '/faults', { refuse: null }],
  ['faults for nobody', 'POST', '/faults', { number: '551100000000', silent: true }],
  ['a number that is none', 'PUT', '/phones/abc', {}],
  ['a phone with what phones have not', 'PUT', '/phones/551166666666', { colour: 'red' }],
  ['a list of phones that is none', 'PUT', '/phones', { phones: {} }],
  ['a list with something that is no phone', 'PUT', '/phones', { phones: [null] }],
  ['a phone that does not exist', 'GET', '/phones/551166666666/inbox', undefined],
  ['a QR that is no text', 'POST', `/phones/${KNOWN}/scan`, { qr: 5 }],
  ['no code', 'POST', `/phones/${KNOWN}/enter-code`, {}],
  ['a behaviour nobody knows', 'POST', `/phones/${KNOWN}/settings`, { sleeps: true }],
  ['half a retry', 'POST', `/phones/${KNOWN}/settings`, { asks_retry: 0.5 }],
  ['a reply without text', 'POST', `/phones/${KNOWN}/reply`, { to: KNOWN }],
  ['a reply to a number that does not exist', 'POST', `/phones/${KNOWN}/reply`, { to: '551166666666', text: 'oi' }],
  ['a read of what is not shown', 'POST', `/phones/${KNOWN}/read`, { id: 'A1' }],
  ['a kick of who is not connected', 'POST', `/sessions/${KNOWN}/kick`, { code: 440 }],
  ['a cut of who is not connected', 'POST', '/drop', { number: KNOWN }],
] as const) {
  test(`the admin API refuses ${what}`, async () => {
    await assert.rejects(whatsapp.ask(method, path, body), { status: 400 })
  })
}

for (const code of [undefined, '440', 44, 1000, 440.5]) {
  test(`the admin API refuses a kick with ${String(code)}, which is no code`, async (t) => {
    const device = await makeLinked(t, whatsapp)

    await assert.rejects(whatsapp.ask('POST', `/sessions/${device.number}/kick`, { code }), { status: 400 })

    assert.equal(device.isClosed, false)
  })
}

test('a list of phones is taken whole or not at all', async () => {
  const phones = [{ number: '551155555555' }, { number: 'abc' }]

  await assert.rejects(whatsapp.ask('PUT', '/phones', { phones }), { status: 400 })

  await assert.rejects(whatsapp.inbox('551155555555'), { status: 400 })
})

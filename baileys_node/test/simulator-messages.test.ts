/** Messages between a linked device and phones: really encrypted, acknowledged, shown once, receipted, written back. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Curve } from '@whiskeysockets/baileys'
import { startWhatsApp, withNinthDigit } from './simulator-process.ts'
import { addPhone, makeLinked } from './simulator-support.ts'

const ABSENT = '551177777777'

const whatsapp = await startWhatsApp()

test('a message is decrypted by its phone, acknowledged and receipted, in that order', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]

  await device.send(client, 'A1', 'Seu plano vence amanhã.')
  const { from, error } = await device.acked('A1')
  await device.receipt('A1')

  assert.deepEqual({ from, error }, { from: `${client}@s.whatsapp.net`, error: undefined })
  assert.deepEqual(device.order, ['ack A1', 'receipt A1'])
  const shown = (await whatsapp.inbox(client)).map(({ id, from: sender, text, type }) => [id, sender, text, type])
  assert.deepEqual(shown, [['A1', device.number, 'Seu plano vence amanhã.', 'pkmsg']])
})

test('the keys of the first message go along until the phone has answered', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await device.send(client, 'A1')
  await device.send(client, 'A2')
  const { id } = await whatsapp.ask('POST', `/phones/${client}/reply`, { to: device.number, text: 'Oi' })
  await device.written(id)

  await device.send(client, 'A3')
  await device.receipt('A3')

  assert.deepEqual((await whatsapp.inbox(client)).map(({ type }) => type), ['pkmsg', 'pkmsg', 'msg'])
})

test('a phone tells when its owner reads, and does not before', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await device.send(client, 'A1')
  await device.receipt('A1')
  const before = device.receipts('A1')

  await whatsapp.ask('POST', `/phones/${client}/read`, { id: 'A1' })
  await device.receipt('A1', 'read')

  assert.deepEqual([before, device.receipts('A1')], [[''], ['', 'read']])
})

test('a phone whose owner reads at once says so at once', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await whatsapp.ask('POST', `/phones/${client}/settings`, { reads: true })

  await device.send(client, 'A1')
  await device.receipt('A1', 'read')

  assert.deepEqual(device.receipts('A1'), ['', 'read'])
})

test('a phone that is offline gets its messages, and gives its receipts, when it is back', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await whatsapp.ask('POST', `/phones/${client}/settings`, { delivers: false })
  await device.send(client, 'A1')
  await device.send(client, 'A2')
  await device.acked('A2')
  const before = [await whatsapp.inbox(client), device.receipts('A1')]

  await whatsapp.ask('POST', `/phones/${client}/settings`, { delivers: true })
  await device.receipt('A2')

  assert.deepEqual(before, [[], []])
  assert.deepEqual((await whatsapp.inbox(client)).map(({ id }) => id), ['A1', 'A2'])
})

test('an id that comes twice is shown once, and counted', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  const { repeated_ids: before = 0 } = await whatsapp.stats()

  await device.send(client, 'A1', 'uma vez só')
  await device.send(client, 'A1', 'uma vez só')
  await device.send(client, 'A2', 'depois')
  await device.receipt('A2')

  const shown = (await whatsapp.inbox(client)).map(({ text, times_seen: times }) => [text, times])
  assert.deepEqual(shown, [
    ['uma vez só', 2],
    ['depois', 1],
  ])
  assert.equal((await whatsapp.stats())['repeated_ids'], before + 1)
})

test('a number is on WhatsApp in the one form it was registered in', async (t) => {
  const [device, old] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  const current = withNinthDigit(await addPhone(whatsapp))
  await whatsapp.ask('PUT', `/phones/${current}`, {})

  const asked = [old, withNinthDigit(old), current, ABSENT]
  const found = (await device.sock.onWhatsApp(...asked)) ?? []

  assert.deepEqual(
    found.filter(({ exists }) => exists).map(({ jid }) => jid),
    [`${old}@s.whatsapp.net`, `${current}@s.whatsapp.net`],
  )
})

test('a message to a number that is not on WhatsApp reaches nobody', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  const { messages: before } = await whatsapp.stats()

  await device.send(ABSENT, 'A1')
  await device.acked('A1')
  const between = await whatsapp.stats()
  await device.send(client, 'A2')
  await device.receipt('A2')

  assert.equal(between['messages'], before)
  assert.deepEqual(device.receipts('A1'), [])
})

for (const [form, lidForm] of [
  ['number', false],
  ['LID', true],
] as const) {
  test(`what a person writes from their ${form} arrives decrypted`, async (t) => {
    const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
    const { lid } = await whatsapp.ask('PUT', `/phones/${client}`, {})
    const body = { to: device.number, text: 'PAGUEI', lid_form: lidForm }

    const { id } = await whatsapp.ask('POST', `/phones/${client}/reply`, body)
    const { key, message } = await device.written(id)

    assert.equal(message?.conversation, 'PAGUEI')
    const jids = [`${client}@s.whatsapp.net`, lid]
    assert.deepEqual([key.remoteJid, key.remoteJidAlt], lidForm ? jids.reverse() : jids)
  })
}

test('what was written while the device was away is there at its next login', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await device.end()
  const { id: first } = await whatsapp.ask('POST', `/phones/${client}/reply`, { to: device.number, text: 'um' })
  const { id: second } = await whatsapp.ask('POST', `/phones/${client}/reply`, { to: device.number, text: 'dois' })

  device.connect()

  assert.equal((await device.written(first)).message?.conversation, 'um')
  assert.equal((await device.written(second)).message?.conversation, 'dois')
})

test('nobody can write to an account without a linked device', async () => {
  const [client, other] = [await addPhone(whatsapp), await addPhone(whatsapp)]

  await assert.rejects(whatsapp.ask('POST', `/phones/${client}/reply`, { to: other, text: 'oi' }), { status: 409 })
})

test('a phone that cannot read a message gets it again, under new keys', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await whatsapp.ask('POST', `/phones/${client}/settings`, { asks_retry: 1 })

  await device.send(client, 'A1', 'de novo')
  await device.receipt('A1', 'retry')
  await device.receipt('A1')

  const shown = (await whatsapp.inbox(client)).map(({ id, text, times_seen: times }) => [id, text, times])
  assert.deepEqual(shown, [['A1', 'de novo', 1]])
})

test('a device that cannot read a message gets it again, under new keys', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await device.send(client, 'A1')
  const { id: first } = await whatsapp.ask('POST', `/phones/${client}/reply`, { to: device.number, text: 'um' })
  await device.written(first)
  device.keys.loseSessions()

  const { id: second } = await whatsapp.ask('POST', `/phones/${client}/reply`, { to: device.number, text: 'dois' })

  assert.equal((await device.written(second)).message?.conversation, 'dois')
})

test('a phone does not read a first message under an identity that is not the linked one', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  const { decrypt_failures: before = 0 } = await whatsapp.stats()
  Object.assign(device.creds, { signedIdentityKey: Curve.generateKeyPair() })

  await device.send(client, 'A1')
  await device.receipt('A1', 'retry')

  const { decrypt_failures: after = 0 } = await whatsapp.stats()
  assert.ok(after > before)
  assert.deepEqual(await whatsapp.inbox(client), [])
})

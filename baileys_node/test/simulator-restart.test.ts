/** The simulator ended and started anew: by force it loses nothing, and it never outlives who started it. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startWhatsApp } from './simulator-process.ts'
import { addPhone, makeLinked } from './simulator-support.ts'

const whatsapp = await startWhatsApp()

test('killed by force and started anew, it knows everybody, and nobody pairs again', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await device.send(client, 'A1', 'antes')
  await device.receipt('A1')
  const [session, { root_key: root }] = [await whatsapp.session(device.number), whatsapp.addresses]

  await whatsapp.end('SIGKILL')
  const { code } = await device.closed()
  await whatsapp.start()
  device.connect()
  await device.opened()
  await device.send(client, 'A2', 'depois')
  await device.receipt('A2')

  assert.equal(code, 428)
  assert.equal(whatsapp.addresses.root_key, root)
  assert.deepEqual(await whatsapp.session(device.number), { ...session, logins: 2 })
  assert.deepEqual((await whatsapp.inbox(client)).map(({ text }) => text), ['antes', 'depois'])
  assert.equal((await whatsapp.stats())['decrypt_failures'], 0)
})

test('killed by force, it still delivers what waited for a device and for a phone', async (t) => {
  const [device, client, away] = [await makeLinked(t, whatsapp), await addPhone(whatsapp), await addPhone(whatsapp)]
  await whatsapp.ask('POST', `/phones/${away}/settings`, { delivers: false })
  await device.send(away, 'A1', 'quando voltar')
  await device.acked('A1')
  await device.end()
  const { id } = await whatsapp.ask('POST', `/phones/${client}/reply`, { to: device.number, text: 'PAGUEI' })

  await whatsapp.end('SIGKILL')
  await whatsapp.start()
  device.connect()
  const { message } = await device.written(id)
  await whatsapp.ask('POST', `/phones/${away}/settings`, { delivers: true })
  await device.receipt('A1')

  assert.equal(message?.conversation, 'PAGUEI')
  assert.deepEqual((await whatsapp.inbox(away)).map(({ text }) => text), ['quando voltar'])
})

for (const how of ['SIGTERM', 'stdin'] as const) {
  test(`it ends in order with ${how === 'stdin' ? 'the input of who started it' : how}`, async () => {
    assert.equal(await whatsapp.end(how), 0)

    await whatsapp.start()
  })
}

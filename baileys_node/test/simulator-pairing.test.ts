/** Linking devices: what the simulator's server and phones accept, and what they refuse as the real ones do. */

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Curve } from '@whiskeysockets/baileys'
import { serve } from '../simulator/server.ts'
import { startWhatsApp, WhatsApp } from './simulator-process.ts'
import { copyOf, makeDevice, makeLinked } from './simulator-support.ts'

const FIRST_QR_MS = 60_000
const LEEWAY_MS = 5_000

const whatsapp = await startWhatsApp()

/** A QR with one of its fields (reference, noise key, identity, secret) changed. */
function withField(qr: string, index: number, value: string): string {
  const [place, fields = ''] = qr.split('#')
  return `${place}#${fields.split(',').with(index, value).join(',')}`
}

test('a scanned QR links the device, which is told to restart and then logs in', async (t) => {
  const device = await makeDevice(t, whatsapp)
  device.connect()
  await device.scan(await device.qr())
  const { code } = await device.closed()

  device.connect()
  await device.opened()

  const { connected, logins, lid } = (await whatsapp.session(device.number)) ?? {}
  assert.deepEqual({ code, connected, logins }, { code: 515, connected: true, logins: 1 })
  assert.equal(device.creds.me?.lid?.replace(/:\d+/, ''), lid)
})

test('a device that is linked logs in again without a new pairing', async (t) => {
  const device = await makeLinked(t, whatsapp)
  const { pairings } = await whatsapp.stats()
  await device.end()

  device.connect()
  await device.opened()

  assert.equal((await whatsapp.session(device.number))?.['logins'], 2)
  assert.equal((await whatsapp.stats())['pairings'], pairings)
})

test('a code typed into the phone links the device', async (t) => {
  const device = await makeDevice(t, whatsapp)
  device.connect()
  await device.qr()

  const code = await device.sock.requestPairingCode(device.number)
  await whatsapp.ask('POST', `/phones/${device.number}/enter-code`, { code })

  assert.equal((await device.closed()).code, 515)
})

test('a wrong code links nothing, and the right one still does', async (t) => {
  const device = await makeDevice(t, whatsapp)
  device.connect()
  await device.qr()
  const code = await device.sock.requestPairingCode(device.number, 'CERTO123')

  await assert.rejects(whatsapp.ask('POST', `/phones/${device.number}/enter-code`, { code: 'ERRADO12' }), { status: 409 })
  assert.equal(await whatsapp.session(device.number), undefined)
  await whatsapp.ask('POST', `/phones/${device.number}/enter-code`, { code })

  assert.equal((await device.closed()).code, 515)
})

test('a code is refused on a phone that nobody asked to link', async (t) => {
  const device = await makeDevice(t, whatsapp)

  await assert.rejects(whatsapp.ask('POST', `/phones/${device.number}/enter-code`, { code: 'CERTO123' }), { status: 409 })
})

test('a device that cannot sign for the identity it shows is never linked', async (t) => {
  const device = await makeDevice(t, whatsapp)
  const { refused_pairings: before = 0 } = await whatsapp.stats()
  const signedIdentityKey = { ...device.creds.signedIdentityKey, private: Curve.generateKeyPair().private }
  Object.assign(device.creds, { signedIdentityKey })
  device.connect()

  await device.scan(await device.qr())
  const pairing = await device.closed()
  device.connect()
  const login = await device.closed()

  assert.deepEqual([pairing.code, login.code], [401, 401])
  assert.equal(await whatsapp.session(device.number), undefined)
  assert.equal((await whatsapp.stats())['refused_pairings'], before + 1)
})

test('Baileys refuses a phone that does not know the secret of the QR', async (t) => {
  const device = await makeDevice(t, whatsapp)
  device.connect()
  const qr = await device.qr()

  await device.scan(withField(qr, 3, Buffer.alloc(32, 7).toString('base64')))

  assert.equal((await device.closed()).message, 'Invalid account signature')
  assert.equal(await whatsapp.session(device.number), undefined)
})

for (const [what, index] of [
  ['noise key', 1],
  ['identity', 2],
] as const) {
  test(`a QR with the ${what} of another device is refused`, async (t) => {
    const [device, other] = [await makeDevice(t, whatsapp), await makeDevice(t, whatsapp)]
    device.connect()
    other.connect()
    const theirs = (await other.qr()).split('#')[1]?.split(',')[index] ?? ''

    await assert.rejects(device.scan(withField(await device.qr(), index, theirs)), { status: 409 })
  })
}

test('a QR whose turn has not come is refused', async (t) => {
  const device = await makeDevice(t, whatsapp)
  device.connect()
  const [, second = ''] = await device.refs()

  await assert.rejects(device.scan(withField(await device.qr(), 0, second)), { status: 409 })
})

test('a QR of a connection that is over is refused', async (t) => {
  const device = await makeDevice(t, whatsapp)
  device.connect()
  const qr = await device.qr()
  await device.end()

  await assert.rejects(device.scan(qr), { status: 409 })
})

test('a QR that was on show too long is refused, and the next one is taken', async (t) => {
  const state = await mkdtemp(join(tmpdir(), 'emdia-whatsapp-'))
  const server = await serve(state)
  t.after(async () => {
    server.stop()
    await rm(state, { recursive: true })
  })
  const here = new WhatsApp(server.addresses)
  const device = await makeDevice(t, here)
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  device.connect()
  const qr = await device.qr()
  const [, second = ''] = await device.refs()

  t.mock.timers.tick(FIRST_QR_MS + LEEWAY_MS)

  await assert.rejects(device.scan(qr), { status: 409 })
  await device.scan(withField(qr, 0, second))
  assert.equal((await device.closed()).code, 515)
})

test('an account that links devices with a passkey only refuses a QR', async (t) => {
  const device = await makeDevice(t, whatsapp)
  await whatsapp.ask('PUT', `/phones/${device.number}`, { passkey: true })
  device.connect()

  await assert.rejects(device.scan(await device.qr()), { status: 409 })

  assert.equal(await whatsapp.session(device.number), undefined)
})

test('a new pairing replaces the device that was linked before', async (t) => {
  const older = await makeLinked(t, whatsapp)
  await older.end()
  const newer = await makeDevice(t, whatsapp, older.number)
  await newer.pair()

  older.connect()

  assert.equal((await older.closed()).code, 401)
})

test('a login with another noise key is refused', async (t) => {
  const device = await makeLinked(t, whatsapp)
  const impostor = copyOf(t, whatsapp, device)
  Object.assign(impostor.creds, { noiseKey: Curve.generateKeyPair() })

  impostor.connect()

  assert.equal((await impostor.closed()).code, 401)
  assert.equal((await whatsapp.session(device.number))?.['connected'], true)
})

test('a second live connection of a device replaces the first', async (t) => {
  const device = await makeLinked(t, whatsapp)
  const second = copyOf(t, whatsapp, device)

  second.connect()
  await second.opened()

  assert.equal((await device.closed()).code, 440)
  assert.equal((await whatsapp.session(device.number))?.['connected'], true)
})

/** How lines end: what WhatsApp says, what the network says, and what must not be taken for the other. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BinaryNode } from '@whiskeysockets/baileys'
import { closingIn, closingOf } from '../src/closing.ts'
import { Crashes } from '../src/crashes.ts'

function failure(attrs: Record<string, string>): BinaryNode {
  return { tag: 'failure', attrs }
}

function streamError(attrs: Record<string, string>, conflict?: string): BinaryNode {
  return { tag: 'stream:error', attrs, content: conflict ? [{ tag: 'conflict', attrs: { type: conflict } }] : [] }
}

for (const [code, reason] of [
  [401, 'logged_out'],
  [402, 'temporary_ban'],
  [403, 'forbidden'],
  [405, 'client_too_old'],
  [406, 'banned'],
  [408, 'lost'],
  [409, 'client_refused'],
  [411, 'multidevice_mismatch'],
  [428, 'connection_closed'],
  [440, 'replaced'],
  [500, 'bad_session'],
  [503, 'unavailable'],
  [515, 'restart_required'],
  [599, 'unexpected'],
  [200, 'unexpected'],
] as const) {
  test(`WhatsApp's ${code} is ${reason}, however it is said`, () => {
    const expected = { code, reason, announce: true, waitSeconds: null }

    assert.deepEqual(closingIn(failure({ reason: String(code) })), expected)
    assert.deepEqual(closingIn(streamError({ code: String(code) })), expected)
  })
}

test('a temporary ban says for how long', () => {
  assert.equal(closingIn(failure({ reason: '402', code: '101', expire: '3600' }))?.waitSeconds, 3_600)
})

for (const expire of ['soon', '-5', '1e9', '9'.repeat(40)]) {
  test(`a ban until ${expire.slice(0, 10)} has no end that can be waited for`, () => {
    assert.equal(closingIn(failure({ reason: '402', expire }))?.waitSeconds, null)
  })
}

for (const code of ['abc', '', '-1', '4.5', '9'.repeat(30)]) {
  test(`a code ${JSON.stringify(code.slice(0, 10))}, which Baileys would choke on, is an end like any other`, () => {
    assert.equal(closingIn(streamError({ code }))?.code, 500)
  })
}

test('a removed device is logged out, even without a code; another conflict is Baileys\' to read', () => {
  assert.equal(closingIn(streamError({}, 'device_removed'))?.code, 401)
  assert.equal(closingIn(streamError({}, 'replaced')), null)
})

const NOBODY = { reached: false, scannable: false }
const SOMEBODY = { reached: true, scannable: false }

function ended(message: string, statusCode: number): Error & { output: { statusCode: number } } {
  return Object.assign(new Error(message), { output: { statusCode } })
}

for (const code of [401, 403, 402, 440, 500, 407]) {
  test(`a proxy's ${code} is nobody's logout and nobody's ban`, () => {
    const closing = closingOf(ended(`WebSocket Error (Unexpected server response: ${code})`, code), NOBODY)

    assert.deepEqual([closing.code, closing.reason], [503, 'unreachable'])
  })
}

test('a name that is not found reached nobody; a network that went away is a lost connection', () => {
  const errors = [ended('WebSocket Error (getaddrinfo ENOTFOUND)', 408), ended('WebSocket Error (read ECONNRESET)', 408)]

  assert.deepEqual(
    errors.map((error, n) => closingOf(error, n === 0 ? NOBODY : SOMEBODY)).map(({ code, reason }) => [code, reason]),
    [[503, 'unreachable'], [408, 'lost']],
  )
})

test('what breaks on a line that was answered is no word of WhatsApp\'s, and no way that is missing', () => {
  const { code, reason } = closingOf(ended('WebSocket Error (Invalid frame)', 500), SOMEBODY)

  assert.deepEqual([code, reason], [503, 'unavailable'])
})

for (const code of [NaN, Infinity, -1, 0.5]) {
  test(`an end whose code is ${code} has one that both sides can hold`, () => {
    assert.equal(closingOf(ended('?', code), SOMEBODY).code, 428)
  })
}

test('nobody scanned in time', () => {
  assert.equal(closingOf(ended('QR refs attempts ended', 408), { ...SOMEBODY, scannable: true }).reason, 'qr_expired')
})

test('a worker lives with an error now and then, and ends over a loop of them', () => {
  const seldom = new Crashes()
  const loop = new Crashes()

  assert.ok(Array.from({ length: 100 }, (_, n) => seldom.tooMany(n * 6_000)).every((over) => !over))
  assert.deepEqual(Array.from({ length: 12 }, (_, n) => loop.tooMany(n)).indexOf(true), 10)
})

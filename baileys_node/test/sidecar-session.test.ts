/** A session from pairing to its end, with real Baileys and the simulator in WhatsApp's place. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CLIENT, CLIENT_JID, OWNER, pair, send, startHost, startWhatsApp } from './sidecar-whatsapp.ts'

test('the credentials are durable before pairing and its restart are told', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)

  await host.ask('open', { creds: null })
  await whatsapp.ask('POST', `/phones/${OWNER}/scan`, { qr: (await host.heard('qr'))['payload'] })
  const closed = await host.heard('closed')

  assert.deepEqual(closed, { code: 515, reason: 'restart_required', logged_out: false })
  assert.deepEqual(
    host.sequence.filter((step) => ['creds_set', 'paired', 'closed'].includes(step)).slice(0, 1),
    ['creds_set'],
  )
})

test('a QR says how long it is good for', async (t) => {
  const host = startHost(t, await startWhatsApp(t))

  await host.ask('open', { creds: null })

  assert.equal((await host.heard('qr'))['expires_s'], 60)
})

test('a code pairs as well as a QR', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await host.ask('open', { creds: null })

  const { code } = await host.ask('pair_by_code', { phone: OWNER })
  await whatsapp.ask('POST', `/phones/${OWNER}/enter-code`, { code })

  assert.equal((await host.heard('closed'))['code'], 515)
})

// WhatsApp announces it with <notification type="passkey_prologue_request">; the simulator has no such stanza yet.
test('a phone that links with a passkey only is told as such', { todo: 'needs the notification' }, async (t) => {
  const whatsapp = await startWhatsApp(t)
  await whatsapp.ask('PUT', `/phones/${OWNER}`, { passkey: true })
  const host = startHost(t, whatsapp)
  await host.ask('open', { creds: null })

  await assert.rejects(whatsapp.ask('POST', `/phones/${OWNER}/scan`, { qr: (await host.heard('qr'))['payload'] }))

  assert.deepEqual(await host.heard('closed'), { code: 'passkey', reason: 'passkey_required', logged_out: false })
})

test('the ratchet step of a message is durable before the message leaves', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await pair(whatsapp, host)
  await send(host, '3EB0000000000001')
  host.failing.set('keys_set', 'internal')

  await assert.rejects(send(host, '3EB0000000000002'))

  assert.equal((await host.heard('closed', 2))['code'], 'storage')
  assert.deepEqual((await whatsapp.inbox(CLIENT)).map(({ id }) => id), ['3EB0000000000001'])
})

test('what a person writes is kept before the keys that opened it', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await pair(whatsapp, host)
  await send(host, '3EB0000000000001')
  const before = host.sequence.length

  await whatsapp.ask('POST', `/phones/${CLIENT}/reply`, { to: OWNER, text: 'PAGUEI' })
  await host.until('the reply', () => host.incoming[0])
  await host.until('its keys', () => host.sequence.slice(before).find((step) => step === 'keys_set'))

  const { kind, text, from_phone: phone } = host.incoming[0] ?? {}
  assert.deepEqual({ kind, text, phone }, { kind: 'text', text: 'PAGUEI', phone: CLIENT })
  const steps = host.sequence.slice(before).filter((step) => step === 'incoming' || step === 'keys_set')
  assert.equal(steps.at(-1), 'keys_set')
})

test('what could not be kept comes again in the next session', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await pair(whatsapp, host)
  await send(host, '3EB0000000000001')
  host.failing.set('incoming', 'internal')
  await whatsapp.ask('POST', `/phones/${CLIENT}/reply`, { to: OWNER, text: 'PAGUEI' })
  await host.heard('closed', 2)
  host.failing.clear()

  await host.ask('open', { creds: host.creds })

  assert.equal((await host.until('the reply', () => host.incoming[0]))['text'], 'PAGUEI')
})

test('a message whose ack is lost is acked by its receipt', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await pair(whatsapp, host)
  await whatsapp.ask('POST', '/faults', { number: OWNER, drop_acks: 1 })

  assert.equal((await send(host, '3EB0000000000001'))['outcome'], 'acked')
})

test('with neither ack nor receipt it is unknown, and the same id again is one message', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await pair(whatsapp, host)
  await whatsapp.ask('POST', `/phones/${CLIENT}/settings`, { delivers: false })
  await whatsapp.ask('POST', '/faults', { number: OWNER, drop_acks: 1 })

  const first = await send(host, '3EB0000000000001', 'Oi', 1_500)
  const second = await send(host, '3EB0000000000001')
  await whatsapp.ask('POST', `/phones/${CLIENT}/settings`, { delivers: true })
  await host.heard('receipt')

  assert.deepEqual(first, { outcome: 'unknown', reason: 'timeout' })
  assert.equal(second['outcome'], 'acked')
  assert.equal((await whatsapp.inbox(CLIENT)).length, 1)
})

test('an ack that comes too late is told', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await pair(whatsapp, host)
  await whatsapp.ask('POST', `/phones/${CLIENT}/settings`, { delivers: false })
  await whatsapp.ask('POST', '/faults', { number: OWNER, ack_delay_ms: 3_000 })

  const outcome = await send(host, '3EB0000000000001', 'Oi', 1_500)

  assert.equal(outcome['outcome'], 'unknown')
  assert.equal((await host.heard('ack'))['outcome'], 'acked')
})

test('a connection cut after the write leaves the message unknown', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await pair(whatsapp, host)
  await whatsapp.ask('POST', `/phones/${CLIENT}/settings`, { delivers: false })
  await whatsapp.ask('POST', '/faults', { number: OWNER, drop_acks: 1, drop_connection_after_messages: 1 })

  assert.deepEqual(await send(host, '3EB0000000000001'), { outcome: 'unknown', reason: 'closed' })
})

test('a refusal 463 has its number and asks until when', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await pair(whatsapp, host)
  await whatsapp.ask('POST', '/faults', { number: OWNER, refuse: { error: 463, times: 1 } })

  assert.deepEqual(await send(host, '3EB0000000000001'), { outcome: 'refused', error: 463 })
})

test('a second message while one is on its way is refused, unwritten', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await pair(whatsapp, host)

  const first = send(host, '3EB0000000000001')
  const second = send(host, '3EB0000000000002')

  await assert.rejects(second, { code: 'busy' })
  assert.equal((await first)['outcome'], 'acked')
})

for (const [code, loggedOut] of [
  [401, true],
  [403, false],
  [408, false],
  [440, false],
  [500, false],
  [503, false],
  [515, false],
] as const) {
  test(`WhatsApp's ${code} closes the session once, with that code, and nothing reconnects`, async (t) => {
    const whatsapp = await startWhatsApp(t)
    const host = startHost(t, whatsapp)
    await pair(whatsapp, host)

    await whatsapp.ask('POST', `/sessions/${OWNER}/kick`, { code })
    const closed = await host.heard('closed', 2)

    assert.deepEqual([closed['code'], closed['logged_out']], [code, loggedOut])
    assert.equal((await host.ask('stats', {}))['sessions'], 0)
  })
}

test('a connection that went silent is found and closed as 408', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp, { silenceMs: 1_400, keepAliveMs: 500 })
  await pair(whatsapp, host)
  await whatsapp.ask('POST', '/faults', { number: OWNER, silent: true })

  assert.deepEqual(await host.heard('closed', 2), { code: 408, reason: 'silent', logged_out: false })
})

test('a newer epoch fences the session at its next question', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await pair(whatsapp, host)
  host.failing.set('keys_get', 'stale_epoch')
  host.failing.set('keys_set', 'stale_epoch')

  await assert.rejects(send(host, '3EB0000000000001'))

  assert.equal((await host.heard('closed', 2))['code'], 'fenced')
  assert.deepEqual(await whatsapp.inbox(CLIENT), [])
})

test('an older epoch cannot take a session back, nor order anything', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await host.as(1, 5).ask('open', { creds: null })

  await assert.rejects(host.as(1, 4).ask('open', { creds: null }), { code: 'stale_epoch' })
  await assert.rejects(host.as(1, 4).ask('close', { logout: false }), { code: 'stale_epoch' })
})

test('opening again ends the older socket without a word', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await pair(whatsapp, host)

  await host.ask('open', { creds: host.creds })
  await host.heard('open', 2)

  assert.equal(host.told.filter(({ event }) => event === 'closed').length, 1)
})

test('a phone that cannot decrypt gets the text again, from the outbox after a restart', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await pair(whatsapp, host)
  host.texts.set('3EB0000000000001', 'Seu plano vence hoje.')
  await whatsapp.ask('POST', `/phones/${CLIENT}/settings`, { asks_retry: 1 })

  await send(host, '3EB0000000000001', 'Seu plano vence hoje.')
  await host.until('the second delivery', () =>
    host.told.filter(({ event, data }) => event === 'receipt' && data['status'] === 'delivered')[0],
  )

  assert.deepEqual(
    (await whatsapp.inbox(CLIENT)).map(({ id, text }) => [id, text]),
    [['3EB0000000000001', 'Seu plano vence hoje.']],
  )
})

test('a trusted-contact token is asked for once per contact, not at every message', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await pair(whatsapp, host)

  await send(host, '3EB0000000000001')
  const token = await host.until('the token', () => [...host.keys.keys()].find((key) => key.startsWith('tctoken/')))
  const kept = host.keys.get(token)
  await send(host, '3EB0000000000002')

  assert.equal(host.keys.get(token), kept)
})

test('messages to the address WhatsApp found reach the phone', async (t) => {
  const whatsapp = await startWhatsApp(t)
  const host = startHost(t, whatsapp)
  await pair(whatsapp, host)

  const found = await host.ask('check_number', { candidates: ['5511988887777', CLIENT] })
  const absent = await host.ask('check_number', { candidates: ['5511900000000', '551100000000'] })

  assert.equal(found['jid'], CLIENT_JID)
  assert.deepEqual(absent, { jid: null, lid: null })
})

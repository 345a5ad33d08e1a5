/** A session from pairing to its end, with real Baileys and the simulator in WhatsApp's place. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '../src/frames.ts'
import type { Call } from '../src/link.ts'
import { lidOf } from '../simulator/phone.ts'
import { makePairedShop, makeShop } from './sidecar-whatsapp.ts'
import { startWhatsApp, WhatsApp, withNinthDigit } from './simulator-process.ts'

const whatsapp = await startWhatsApp()
/** A server that is not there; its admin API is. */
const unreachable = new WhatsApp({ ...whatsapp.addresses, url: 'ws://127.0.0.1:1/ws/chat' })

test('the credentials are durable before pairing and its restart are told', async (t) => {
  const shop = await makeShop(t, whatsapp)

  await shop.host.ask('open', { creds: null })
  await shop.scan()
  const closed = await shop.host.heard('closed')

  assert.deepEqual(closed, { code: 515, reason: 'restart_required', logged_out: false, wait_s: null })
  assert.deepEqual(
    shop.host.sequence.filter((step) => ['creds_set', 'paired', 'closed'].includes(step)).slice(0, 1),
    ['creds_set'],
  )
})

test('a QR says how long it is good for', async (t) => {
  const shop = await makeShop(t, whatsapp)

  await shop.host.ask('open', { creds: null })

  assert.equal((await shop.host.heard('qr'))['expires_s'], 60)
})

test('a code pairs as well as a QR', async (t) => {
  const shop = await makeShop(t, whatsapp)
  await shop.host.ask('open', { creds: null })

  const { code } = await shop.host.ask('pair_by_code', { phone: shop.owner })
  await shop.enterCode(code)

  assert.equal((await shop.host.heard('closed'))['code'], 515)
})

test('a phone that links with a passkey only is told as such', async (t) => {
  const shop = await makeShop(t, whatsapp)
  await shop.ownerBehaves({ passkey: true })
  await shop.host.ask('open', { creds: null })

  await assert.rejects(shop.scan(), { status: 409 })

  assert.deepEqual(await shop.host.heard('closed'), { code: 'passkey', reason: 'passkey_required', logged_out: false, wait_s: null })
})

test('the ratchet step of a message is durable before the message leaves', async (t) => {
  const shop = await makePairedShop(t, whatsapp)
  await shop.send('3EB0000000000001')
  shop.host.failing.set('keys_set', 'internal')

  await assert.rejects(shop.send('3EB0000000000002'))

  assert.equal((await shop.host.heard('closed', 2))['code'], 'storage')
  assert.deepEqual((await shop.inbox()).map(({ id }) => id), ['3EB0000000000001'])
})

test('what a person writes is kept before the keys that opened it', async (t) => {
  const shop = await makePairedShop(t, whatsapp)
  await shop.send('3EB0000000000001')
  const before = shop.host.asked.length
  const keepsTheirs = ({ op, args }: Call): boolean => op === 'keys_set' && shop.isSessionWithClient(args['entries'] as Json)
  const later = (): Call[] => shop.host.asked.slice(before)

  await shop.reply('PAGUEI')
  await shop.host.until('the keys of the reply', () => later().find(keepsTheirs))

  const { kind, text, from_phone: phone } = shop.host.incoming[0] ?? {}
  assert.deepEqual({ kind, text, phone }, { kind: 'text', text: 'PAGUEI', phone: shop.client })
  const steps = later().filter((call) => call.op === 'incoming' || keepsTheirs(call))
  assert.deepEqual(steps.map(({ op }) => op), ['incoming', 'keys_set'])
})

test('a receipt of a payment comes with its kind, its name and its size', async (t) => {
  const shop = await makePairedShop(t, whatsapp)
  await shop.send('3EB0000000000001')

  await shop.replyWith({ kind: 'pdf', text: 'paguei', file_name: 'comprovante.pdf', size_bytes: 48_213 })
  const { kind, text, name, size_bytes: size } = await shop.host.until('the PDF', () => shop.host.incoming[0])

  assert.deepEqual([kind, text, name, size], ['pdf', 'paguei', 'comprovante.pdf', 48_213])
})

test('what could not be kept comes again in the next session', async (t) => {
  const shop = await makePairedShop(t, whatsapp)
  await shop.send('3EB0000000000001')
  shop.host.failing.set('incoming', 'internal')
  await shop.reply('PAGUEI')
  await shop.host.heard('closed', 2)
  shop.host.failing.clear()

  await shop.host.ask('open', { creds: shop.host.creds })

  assert.equal((await shop.host.until('the reply', () => shop.host.incoming[0]))['text'], 'PAGUEI')
})

test('a message whose ack is lost is acked by its receipt', async (t) => {
  const shop = await makePairedShop(t, whatsapp)
  await shop.faults({ drop_acks: 1 })

  assert.equal((await shop.send('3EB0000000000001'))['outcome'], 'acked')
})

test('with neither ack nor receipt it is unknown, and the same id again is one message', async (t) => {
  const shop = await makePairedShop(t, whatsapp)
  await shop.clientBehaves({ delivers: false })
  await shop.faults({ drop_acks: 1 })

  const first = await shop.send('3EB0000000000001', 'Oi', 2_500)
  const second = await shop.send('3EB0000000000001')
  await shop.clientBehaves({ delivers: true })
  await shop.host.heard('receipt')

  assert.deepEqual(first, { outcome: 'unknown', reason: 'timeout' })
  assert.equal(second['outcome'], 'acked')
  assert.equal((await shop.inbox()).length, 1)
})

test('an ack that comes too late is told', async (t) => {
  const shop = await makePairedShop(t, whatsapp)
  await shop.clientBehaves({ delivers: false })
  await shop.faults({ ack_delay_ms: 4_000 })

  const outcome = await shop.send('3EB0000000000001', 'Oi', 2_500)

  assert.equal(outcome['outcome'], 'unknown')
  assert.equal((await shop.host.heard('ack'))['outcome'], 'acked')
})

test('a connection cut after the write leaves the message unknown', async (t) => {
  const shop = await makePairedShop(t, whatsapp)
  await shop.clientBehaves({ delivers: false })
  await shop.faults({ drop_acks: 1, drop_connection_after_messages: 1 })

  assert.deepEqual(await shop.send('3EB0000000000001'), { outcome: 'unknown', reason: 'closed' })
})

test('a refusal 463 has its number and asks until when', async (t) => {
  const shop = await makePairedShop(t, whatsapp)
  await shop.faults({ refuse: { error: 463, times: 1 } })

  assert.deepEqual(await shop.send('3EB0000000000001'), { outcome: 'refused', error: 463 })
})

test('a second message while one is on its way is refused, unwritten', async (t) => {
  const shop = await makePairedShop(t, whatsapp)

  const first = shop.send('3EB0000000000001')
  const second = shop.send('3EB0000000000002')

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
    const shop = await makePairedShop(t, whatsapp)

    await shop.kick(code)
    const closed = await shop.host.heard('closed', 2)

    assert.deepEqual([closed['code'], closed['logged_out']], [code, loggedOut])
    assert.equal((await shop.host.ask('stats', {}))['sessions'], 0)
  })
}

test('a connection that went silent is found and closed as 408', async (t) => {
  const shop = await makePairedShop(t, whatsapp, { silenceMs: 2_500, keepAliveMs: 800 })
  await shop.faults({ silent: true })

  assert.deepEqual(await shop.host.heard('closed', 2), { code: 408, reason: 'silent', logged_out: false, wait_s: null })
})

test('a newer epoch fences the session at its next question', async (t) => {
  const shop = await makePairedShop(t, whatsapp)
  shop.host.failing.set('keys_get', 'stale_epoch')
  shop.host.failing.set('keys_set', 'stale_epoch')

  await assert.rejects(shop.send('3EB0000000000001'))

  assert.equal((await shop.host.heard('closed', 2))['code'], 'fenced')
  assert.deepEqual(await shop.inbox(), [])
})

test('an older epoch cannot take a session back, nor order anything', async (t) => {
  const shop = await makeShop(t, whatsapp)
  await shop.host.as(1, 5).ask('open', { creds: null })

  await assert.rejects(shop.host.as(1, 4).ask('open', { creds: null }), { code: 'stale_epoch' })
  await assert.rejects(shop.host.as(1, 4).ask('close', { logout: false }), { code: 'stale_epoch' })
})

test('opening again ends the older socket without a word', async (t) => {
  const shop = await makePairedShop(t, whatsapp)

  await shop.host.ask('open', { creds: shop.host.creds })
  await shop.host.heard('open', 2)

  assert.equal(shop.host.told.filter(({ event }) => event === 'closed').length, 1)
})

test('a phone that cannot decrypt gets the text again, from the outbox after a restart', async (t) => {
  const shop = await makePairedShop(t, whatsapp)
  shop.host.texts.set('3EB0000000000001', 'Seu plano vence hoje.')
  await shop.clientBehaves({ asks_retry: 1 })

  await shop.send('3EB0000000000001', 'Seu plano vence hoje.')
  await shop.host.until('the second delivery', () =>
    shop.host.told.filter(({ event, data }) => event === 'receipt' && data['status'] === 'delivered')[0],
  )

  assert.deepEqual(
    (await shop.inbox()).map(({ id, text }) => [id, text]),
    [['3EB0000000000001', 'Seu plano vence hoje.']],
  )
})

test('a trusted-contact token is asked for once per contact, not at every message', async (t) => {
  const shop = await makePairedShop(t, whatsapp)

  await shop.send('3EB0000000000001')
  const token = await shop.host.until('the token', () => [...shop.host.keys.keys()].find((key) => key.startsWith('tctoken/')))
  const kept = shop.host.keys.get(token)
  await shop.send('3EB0000000000002')

  assert.equal(shop.host.keys.get(token), kept)
})

test('messages to the address WhatsApp found reach the phone', async (t) => {
  const shop = await makePairedShop(t, whatsapp)

  const found = await shop.host.ask('check_number', { candidates: [withNinthDigit(shop.client), shop.client] })
  const absent = await shop.host.ask('check_number', { candidates: ['5511900000000', '551100000000'] })

  assert.deepEqual(found, { answer: 'found', jid: `${shop.client}@s.whatsapp.net`, lid: `${lidOf(shop.client)}@lid` })
  assert.deepEqual(absent, { answer: 'not_found' })
})

test('what can never be kept is set aside: WhatsApp gets its receipt, and the line goes on', async (t) => {
  const shop = await makePairedShop(t, whatsapp)
  await shop.send('3EB0000000000001')
  const first = shop.host.asked.length
  const asked = (op: string, nth = 1): Call | undefined => shop.host.asked.slice(first).filter((call) => call.op === op)[nth - 1]
  shop.host.failing.set('incoming', 'poison')
  await shop.reply('veneno')
  await shop.host.until('the poison', () => asked('incoming'))
  shop.host.failing.delete('incoming')
  await shop.reply('PAGUEI')
  await shop.host.until('the next message', () => shop.host.incoming[0])

  assert.equal(shop.host.incoming[0]?.['text'], 'PAGUEI')
  assert.equal((await shop.send('3EB0000000000002'))['outcome'], 'acked')
  assert.equal(shop.host.told.filter(({ event }) => event === 'closed').length, 1)
})

for (const [what, text] of [
  ['half a surrogate pair', 'oi \ud83d'],
  ['NUL', 'oi\0'],
  ['an emoji across the longest text', `${'a'.repeat(65_535)}🙂`],
] as const) {
  test(`a text with ${what} arrives, and so does the next`, async (t) => {
    const shop = await makePairedShop(t, whatsapp)
    await shop.send('3EB0000000000001')

    await shop.reply(text)
    await shop.reply('PAGUEI')
    await shop.host.until('both', () => shop.host.incoming[1])

    const [odd, plain] = shop.host.incoming.map((call) => String(call['text']))
    assert.ok(odd?.isWellFormed() && !odd.includes('\0'))
    assert.equal(plain, 'PAGUEI')
  })
}

test('a phone is not told yes before the credentials are durable, and no QR follows it', async (t) => {
  const shop = await makeShop(t, whatsapp)
  shop.host.failing.set('creds_set', 'internal')
  await shop.host.ask('open', { creds: null })

  await shop.scan().catch(() => {})
  const closed = await shop.host.heard('closed')

  assert.equal(closed['code'], 'storage')
  assert.equal(shop.host.told.filter(({ event }) => event === 'paired').length, 0)
  assert.equal(shop.host.told.filter(({ event }) => event === 'qr').length, 1)
  assert.equal(await whatsapp.session(shop.owner), undefined)
})

test('a message goes to the LID as soon as it is known, and its ack and receipts are found', async (t) => {
  const shop = await makePairedShop(t, whatsapp)
  await shop.host.ask('check_number', { candidates: [shop.client] })

  const outcome = await shop.send('3EB0000000000001')
  const receipt = await shop.host.heard('receipt')

  assert.equal(outcome['outcome'], 'acked')
  assert.equal(receipt['message_id'], '3EB0000000000001')
  assert.equal(receipt['from_jid'], `${lidOf(shop.client)}@lid`)
  assert.deepEqual((await shop.inbox()).map(({ id }) => id), ['3EB0000000000001'])
})

test('a LID that Python knows is used and remembered', async (t) => {
  const shop = await makePairedShop(t, whatsapp)
  const [jid, lid] = [`${shop.client}@s.whatsapp.net`, `${lidOf(shop.client)}@lid`]

  await shop.host.ask('send', { message_id: '3EB0000000000001', jid, lid, text: 'Oi', typing_ms: 0 })

  assert.equal((await shop.host.heard('receipt'))['from_jid'], lid)
  assert.equal(shop.host.keys.get(`lid-mapping/${shop.client}`), JSON.stringify(lidOf(shop.client)))
})

for (const [what, creds] of [
  ['that are no JSON', '{'],
  ['of nobody', '{}'],
] as const) {
  test(`credentials ${what} are refused, and the end is told too`, async (t) => {
    const shop = await makeShop(t, whatsapp)

    await assert.rejects(shop.host.ask('open', { creds }), { code: 'bad_request' })

    const told = { code: 'storage', reason: 'not_opened', logged_out: false, wait_s: null }
    assert.deepEqual(await shop.host.heard('closed'), told)
  })
}

test('where no WhatsApp answers the line is told as closed, and nobody waits for a code', async (t) => {
  const shop = await makeShop(t, unreachable)
  await shop.host.ask('open', { creds: null })

  await assert.rejects(shop.host.ask('pair_by_code', { phone: shop.owner }), ({ code }: { code: string }) =>
    ['closed', 'no_session'].includes(code),
  )

  const { code, reason } = await shop.host.heard('closed')
  assert.deepEqual([code, reason], [503, 'unreachable'])
})

test('a message waits for a storage that is slow, and leaves when its keys are durable', async (t) => {
  const shop = await makePairedShop(t, whatsapp)
  await shop.send('3EB0000000000001')
  const durable = Promise.withResolvers<void>()
  const before = shop.host.asked.length
  shop.host.waiting.set('keys_set', durable.promise)
  const sending = shop.send('3EB0000000000002')
  await shop.host.until('the write', () => shop.host.asked.slice(before).find(({ op }) => op === 'keys_set'))
  const shownBefore = (await shop.inbox()).length
  durable.resolve()

  assert.equal((await sending)['outcome'], 'acked')
  assert.equal(shownBefore, 1)
})

test('the phone waits for credentials that are slow to be durable, and is told yes then', async (t) => {
  const shop = await makeShop(t, whatsapp)
  const durable = Promise.withResolvers<void>()
  shop.host.waiting.set('creds_set', durable.promise)
  await shop.host.ask('open', { creds: null })
  const scanned = shop.scan()
  await shop.host.until('the credentials', () => shop.host.asked.find(({ op }) => op === 'creds_set'))
  const toldBefore = shop.host.told.map(({ event }) => event)
  durable.resolve()
  await scanned

  assert.equal((await shop.host.heard('closed'))['code'], 515)
  assert.deepEqual(toldBefore, ['qr'])
  assert.deepEqual(shop.host.told.map(({ event }) => event), ['qr', 'paired', 'closed'])
})

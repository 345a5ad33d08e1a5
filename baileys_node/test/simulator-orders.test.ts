/** The simulator told to misbehave in part: some look-ups, acks, receipts, logins; and who may tell it so. */

import assert from 'node:assert/strict'
import { request } from 'node:http'
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

const UNDISTURBED = { error: undefined, answers: [[true], [true]] }

/** What Baileys makes of two look-ups, one after the other: whether the number exists, or the error. */
async function lookUps({ sock }: Device, number: string): Promise<{ error: string | undefined; answers: boolean[][] }> {
  const answers: boolean[][] = []
  try {
    for (let times = 2; times > 0; times -= 1) {
      answers.push(((await sock.onWhatsApp(number)) ?? []).map(({ exists }) => exists))
    }
  } catch (error) {
    return { error: (error as Error).message, answers }
  }
  return { error: undefined, answers }
}

for (const [what, answer, expected] of [
  ['with an error', { answer: 'error' }, { error: 'rate-overlimit', answers: [] }],
  ['with an error of its protocol', { answer: 'protocol_error' }, { error: 'rate-overlimit', answers: [] }],
  ['with an empty list', { answer: 'empty', times: 1 }, { error: undefined, answers: [[], [true]] }],
  ['without a list', { answer: 'no_list', times: 1 }, { error: undefined, answers: [[], [true]] }],
  ['with a no', { answer: 'out', times: 1 }, { error: undefined, answers: [[], [true]] }],
  ['truly when it is about somebody else', { answer: 'out', of: '5511900000000' }, UNDISTURBED],
  ['truly when the devices are not told', { answer: 'error', about: 'devices' }, UNDISTURBED],
  ['truly by chance', { answer: 'out', chance: 0 }, UNDISTURBED],
] as const) {
  test(`a look-up is answered ${what}`, async (t) => {
    const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
    await order(device, { look_up: answer })

    assert.deepEqual(await lookUps(device, client), expected)
  })
}

test('a look-up is answered for the other number only', async (t) => {
  const device = await makeLinked(t, whatsapp)
  const [client, other] = [await addPhone(whatsapp), await addPhone(whatsapp)]
  await order(device, { look_up: { answer: 'other', of: client } })

  const answers = await device.sock.onWhatsApp(client, other)

  assert.deepEqual(answers, [{ jid: `${other}@s.whatsapp.net`, exists: true }])
})

test('equal seeds refuse the same messages', async (t) => {
  const client = await addPhone(whatsapp)
  const refused: string[][] = []
  for (const device of [await makeLinked(t, whatsapp), await makeLinked(t, whatsapp)]) {
    await order(device, { refuse: { error: 479, chance: 0.5, seed: 7 } })
    const errors: string[] = []
    for (const id of ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7', 'A8']) {
      await device.send(client, id)
      if ((await device.acked(id))['error']) errors.push(id)
    }
    refused.push(errors)
  }

  assert.deepEqual(refused[0], refused[1])
  assert.ok(refused[0]!.length > 0 && refused[0]!.length < 8)
})

test('several people are refused at once, each with an error of its own', async (t) => {
  const device = await makeLinked(t, whatsapp)
  const [client, other] = [await addPhone(whatsapp), await addPhone(whatsapp)]
  await order(device, { refuse: { error: 463, to: client } })
  await order(device, { refuse: { error: 479, to: other } })

  await device.send(client, 'A1')
  await device.send(other, 'A2')

  assert.deepEqual([(await device.acked('A1'))['error'], (await device.acked('A2'))['error']], ['463', '479'])
})

test('an ack comes twice for the id ordered, and its message is shown once', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await order(device, { acks: { how: 'twice', id: 'A1' } })

  await device.send(client, 'A1')
  await device.send(client, 'A2')
  await device.acked('A2')

  assert.deepEqual([device.acks, await shownBy(client)], [['A1', 'A1', 'A2'], ['A1', 'A2']])
})

for (const [when, shown] of [
  ['before_storing', []],
  ['before_ack', ['A1']],
  ['after_ack', ['A1']],
] as const) {
  test(`the line is cut ${when.replace('_', ' ')}`, async (t) => {
    const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
    await order(device, { cut: { when, times: 1 } })

    await device.send(client, 'A1')

    assert.equal((await device.closed()).code, 428)
    assert.deepEqual(await shownBy(client), shown)
    assert.equal(device.acks.length, when === 'after_ack' ? 1 : 0)
  })
}

for (const [how, expected] of [
  ['twice', ['', '']],
  ['read_first', ['read', '']],
] as const) {
  test(`receipts come ${how.replace('_', ' ')}`, async (t) => {
    const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
    await order(device, { receipts: { how, times: 1 } })

    await device.send(client, 'A1')
    await device.send(client, 'A2')
    await device.receipt('A2')

    assert.deepEqual(device.receipts('A1'), expected)
  })
}

for (const [what, id] of [
  ['NUL', 'A\u0000B'],
  ['five thousand characters', 'A'.repeat(5000)],
] as const) {
  test(`a receipt reaches the device for an id of ${what}`, async (t) => {
    const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]

    await whatsapp.ask('POST', `/phones/${client}/receipts`, { to: device.number, ids: [id, 'A2'], type: 'read' })

    assert.equal((await device.receipt(id, 'read'))['from'], `${client}@s.whatsapp.net`)
  })
}

test('a line that was not listened to is cut when it is heard again, and counts as nobody\'s fault', async (t) => {
  const device = await makeLinked(t, whatsapp)
  const { malformed: before = 0 } = await whatsapp.stats()
  const presence = { tag: 'presence', attrs: { type: 'available', name: 'Rita' } }
  await order(device, { silent: true })
  const question = { tag: 'iq', attrs: { to: S_WHATSAPP_NET, type: 'get', xmlns: 'w:p' } }
  await assert.rejects(device.sock.query(question, PATIENCE_MS), { message: 'Timed Out' })
  await order(device, { silent: false })

  await device.sock.sendNode(presence)

  assert.equal((await device.closed()).code, 428)
  assert.equal((await whatsapp.stats())['malformed'], before)
})

test('an account that is not let in is told why, as often as ordered', async (t) => {
  const device = await makeLinked(t, whatsapp)
  await order(device, { refuse_logins: { code: 402, expire_s: 60, times: 1 } })

  device.sock.ws.close()
  await device.closed()
  device.connect()
  const refused = await device.closed()
  device.connect()
  await device.opened()

  assert.equal(refused.code, 402)
})

test('a message addressed by number is refused when so ordered', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await order(device, { refuse_pn: 400 })
  const { lid } = await whatsapp.ask('PUT', `/phones/${client}`, {})

  await device.send(client, 'A1')
  await device.sock.sendMessage(String(lid), { text: 'Oi' }, { messageId: 'A2' })

  assert.deepEqual([(await device.acked('A1'))['error'], (await device.acked('A2'))['error']], ['400', undefined])
})

test('a reach-out time-lock is told, and told again when asked', async (t) => {
  const device = await makeLinked(t, whatsapp)
  const told = Promise.withResolvers<boolean>()
  device.sock.ev.on('connection.update', ({ reachoutTimeLock }) => {
    if (reachoutTimeLock) told.resolve(reachoutTimeLock.isActive === true)
  })

  await whatsapp.ask('POST', `/sessions/${device.number}/restrict`, { until_s: 4_102_444_800 })

  assert.equal(await told.promise, true)
  assert.equal((await device.sock.fetchAccountReachoutTimelock()).isActive, true)
})

for (const [what, said, expected] of [
  ['half a surrogate pair', { raw: Buffer.from([0x6f, 0x69, 0x20, 0xed, 0xa0, 0xbd]).toString('base64') }, 'oi \ud83d'],
  ['half a surrogate pair in JSON', { text: 'oi \ud83d' }, 'oi \ud83d'],
  ['NUL', { text: 'a\u0000b' }, 'a\u0000b'],
  ['an emoji at the cut', { text: `${'a'.repeat(65_535)}😀` }, `${'a'.repeat(65_535)}😀`],
] as const) {
  test(`what a person writes arrives with ${what}`, async (t) => {
    const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]

    const { id } = await whatsapp.ask('POST', `/phones/${client}/reply`, { to: device.number, ...said })

    assert.equal((await device.written(id)).message?.conversation, expected)
  })
}

test('who was asked about and written to is told, strangers too', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  await device.sock.onWhatsApp('5511911112222')
  await device.send(client, 'A1')
  await device.acked('A1')

  const tally = (await whatsapp.ask('GET', '/tally')) as Record<string, { by: string; number: string; ids: string[] }[]>
  const mine = (kind: string) => tally[kind]!.filter(({ by }) => by === device.number)

  assert.ok(mine('look_ups').some(({ number }) => number === '5511911112222'))
  assert.deepEqual(mine('messages').map(({ number, ids }) => [number, ids]), [[client, ['A1']]])
})

test('what was done out of order is counted', async (t) => {
  const [device, client] = [await makeLinked(t, whatsapp), await addPhone(whatsapp)]
  const before = ((await whatsapp.ask('GET', '/faults'))['fired'] as Record<string, number>)['refuse'] ?? 0
  await order(device, { refuse: { error: 463, times: 1 } })
  await device.send(client, 'A1')
  await device.send(client, 'A2')
  await device.acked('A2')

  assert.equal(((await whatsapp.ask('GET', '/faults'))['fired'] as Record<string, number>)['refuse'], before + 1)
})

test('one account behaves again while another does not', async (t) => {
  const [device, other] = [await makeLinked(t, whatsapp), await makeLinked(t, whatsapp)]
  const client = await addPhone(whatsapp)
  for (const one of [device, other]) await order(one, { refuse: { error: 463 } })

  await whatsapp.ask('DELETE', `/faults/${device.number}`)
  await device.send(client, 'A1')
  await other.send(client, 'A2')

  assert.deepEqual([(await device.acked('A1'))['error'], (await other.acked('A2'))['error']], [undefined, '463'])
})

/** The status a program gets that sends these headers. */
async function statusWith(address: string, headers: Record<string, string>): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  request(address, { headers }, (response) => resolve(response.resume().statusCode))
    .on('error', reject)
    .end()
  return promise
}

const UPGRADE = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' }

for (const [what, headers, admin, line] of [
  ['another Host', { host: 'emdia.example' }, 403, 401],
  ['a page of another site', { origin: 'https://emdia.example' }, 403, 401],
  ['an Origin that is none', { origin: 'null' }, 403, 401],
  ['WhatsApp Web', { origin: 'https://web.whatsapp.com' }, 403, undefined],
] as const) {
  test(`${what} finds the doors it should`, async () => {
    assert.equal(await statusWith(`${whatsapp.addresses.admin}/stats`, headers), admin)
    if (line === undefined) return
    const address = whatsapp.addresses.url.replace('ws:', 'http:')
    assert.equal(await statusWith(address, { ...UPGRADE, ...headers }), line)
  })
}

/** WhatsApp's answers about a number, every shape of them: only an explicit "out" is a no (F5). */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BinaryNode } from '@whiskeysockets/baileys'
import { findNumber, type Asker, type LidMapping, type NumberAnswer } from '../src/numbers.ts'

const NEW = '5511988887777'
const OLD = '551188887777'
const JID = `${OLD}@s.whatsapp.net`
const LID = '90000000000001@lid'
const DEADLINE_MS = 30_000
const NO: NumberAnswer = { answer: 'not_found' }
const FOUND: NumberAnswer = { answer: 'found', jid: JID, lid: LID }

type Answer = (phone: string, milliseconds: number | undefined) => Promise<BinaryNode | undefined>

function el(tag: string, attrs: Record<string, string> = {}, content?: BinaryNode['content']): BinaryNode {
  return content === undefined ? { tag, attrs } : { tag, attrs, content }
}

function error(code: string): BinaryNode {
  return el('error', { code, text: 'rate-overlimit', backoff: '3600' })
}

function result(...inside: BinaryNode[]): BinaryNode {
  return el('iq', { type: 'result', id: '1' }, [el('usync', {}, inside)])
}

function listed(...users: BinaryNode[]): BinaryNode {
  return result(el('result', {}, [el('contact', {}, [])]), el('list', {}, users))
}

function user(type: string | null, attrs: Record<string, string> = {}, more: BinaryNode[] = []): BinaryNode {
  const contact = type === null ? [] : [el('contact', { type })]
  return el('user', { jid: JID, ...attrs }, [...contact, ...more])
}

const lid = el('lid', { val: LID })

/** A socket that answers each form, and what was asked of it. */
function socket(answer: Answer): { sock: Asker; mapping: LidMapping; asked: string[]; kept: unknown[] } {
  const asked: string[] = []
  const kept: unknown[] = []
  const query = async (node: BinaryNode, milliseconds?: number): Promise<BinaryNode | undefined> => {
    const usync = (node.content as BinaryNode[])[0]!
    const list = (usync.content as BinaryNode[])[1]!
    const contact = ((list.content as BinaryNode[])[0]!.content as BinaryNode[])[0]!
    const phone = String(contact.content).replace('+', '')
    asked.push(phone)
    return answer(phone, milliseconds)
  }
  const mapping: LidMapping = {
    storeLIDPNMappings: async (pairs) => void kept.push(...pairs),
    getLIDForPN: () => Promise.resolve(null),
  }
  return { sock: { query: query as Asker['query'], generateMessageTag: () => 'tag' }, mapping, asked, kept }
}

async function check(answer: Answer, candidates = [NEW, OLD], deadlineMs = DEADLINE_MS): Promise<{ found: NumberAnswer; asked: string[]; kept: unknown[] }> {
  const { sock, mapping, asked, kept } = socket(answer)
  return { found: await findNumber(sock, mapping, candidates, deadlineMs), asked, kept }
}

test('a number that is there is found with its LID, which is kept for the message', async () => {
  const { found, asked, kept } = await check(async () => listed(user('in', {}, [lid])))

  assert.deepEqual(found, FOUND)
  assert.deepEqual(asked, [NEW])
  assert.deepEqual(kept, [{ lid: LID, pn: JID }])
})

test('the other form is asked after a no, and its yes counts', async () => {
  const { found, asked } = await check(async (phone) => listed(user(phone === OLD ? 'in' : 'out', { jid: `${phone}@s.whatsapp.net` }, [lid])))

  assert.deepEqual(found, FOUND)
  assert.deepEqual(asked, [NEW, OLD])
})

test('it is a no when WhatsApp says it of each form', async () => {
  const { found, asked } = await check(async (phone) => listed(user('out', { jid: `${phone}@s.whatsapp.net` })))

  assert.deepEqual(found, NO)
  assert.deepEqual(asked, [NEW, OLD])
})

for (const [what, answer, reason] of [
  ['an empty list', listed(), 'empty'],
  ['no list', result(), 'empty'],
  ['no usync', el('iq', { type: 'result' }), 'empty'],
  ['a list that is no list', result(el('list', {}, Buffer.from('x'))), 'empty'],
  ['a user without an answer', listed(user(null)), 'empty'],
  ['another number', listed(user('out', { jid: '5521977776666@s.whatsapp.net' })), 'empty'],
  ['an answer of an unknown kind', listed(user('invalid')), 'error'],
  ['an answer of no kind', listed(el('user', { jid: JID }, [el('contact')])), 'error'],
  ['two that do not agree', listed(user('in'), user('out')), 'error'],
  ['an error for the user', listed(el('user', { jid: JID }, [el('contact', {}, [error('500')])])), 'error'],
  ['too many questions, for the user', listed(el('user', { jid: JID }, [el('contact', { type: 'out' }, [error('429')])])), 'rate_limited'],
  ['too many questions, for the protocol', result(el('result', {}, [el('contact', {}, [error('429')])]), el('list', {}, [])), 'rate_limited'],
  ['too many questions beside a no', result(el('result', {}, [el('contact', {}, [error('429')])]), el('list', {}, [user('out')])), 'rate_limited'],
  ['an error stanza', el('iq', { type: 'error' }, [error('503')]), 'error'],
  ['a stanza of another type', el('iq', { type: 'set' }, [el('usync', {}, [el('list', {}, [user('out')])])]), 'error'],
  ['nothing at all', undefined, 'timeout'],
] as const) {
  test(`${what} is no answer (${reason}), and the other form is not asked in its place`, async () => {
    const { found, asked } = await check(async () => answer)

    assert.deepEqual(found, { answer: 'no_answer', reason })
    assert.deepEqual(asked, [NEW])
  })
}

for (const [what, thrown, reason] of [
  ['429', { data: 429, output: { statusCode: 500 } }, 'rate_limited'],
  ['a time-out', { output: { statusCode: 408 } }, 'timeout'],
  ['a server error', { data: 503 }, 'error'],
  ['a fault of ours', new TypeError('no'), 'error'],
] as const) {
  test(`${what} thrown by the query is no answer (${reason})`, async () => {
    const { found } = await check(async () => Promise.reject(thrown))

    assert.deepEqual(found, { answer: 'no_answer', reason })
  })
}

test('a no of the first form and nothing of the second is no answer', async () => {
  const { found, asked } = await check(async (phone) => (phone === NEW ? listed(user('out', { jid: `${NEW}@s.whatsapp.net` })) : listed()))

  assert.deepEqual(found, { answer: 'no_answer', reason: 'empty' })
  assert.deepEqual(asked, [NEW, OLD])
})

test('a query that is never answered ends inside the deadline', async () => {
  const { found } = await check(() => new Promise(() => {}), [NEW, OLD], 40)

  assert.deepEqual(found, { answer: 'no_answer', reason: 'timeout' })
})

test('each form has its own time, and all of it fits the deadline', async () => {
  const times: Array<number | undefined> = []
  await check(async (phone, milliseconds) => {
    times.push(milliseconds)
    return listed(user('out', { jid: `${phone}@s.whatsapp.net` }))
  })

  assert.ok(times.reduce<number>((sum, time) => sum + (time ?? Infinity), 0) < DEADLINE_MS)
})

for (const jid of ['5521988887777@s.whatsapp.net', '551188886666@s.whatsapp.net', 'status@s.whatsapp.net', '351188887777@s.whatsapp.net', '5511788887777@s.whatsapp.net']) {
  test(`a yes that names ${jid} is not about the one who was asked for`, async () => {
    const { found } = await check(async () => listed(el('user', { jid }, [el('contact', { type: 'in' }, `+${NEW}`)])))

    assert.equal(found.answer, 'no_answer')
  })
}

test('a yes that names a LID alone is found under the form that was asked', async () => {
  const { found } = await check(async () => listed(user('in', { jid: LID })))

  assert.deepEqual(found, { answer: 'found', jid: `${NEW}@s.whatsapp.net`, lid: LID })
})

test('without a LID in the answer it is asked for alone, and its failure is no harm', async () => {
  const { sock, mapping } = socket(async () => listed(user('in')))
  const asks: LidMapping = { ...mapping, getLIDForPN: () => Promise.resolve('90000000000001:0@lid') }
  const fails: LidMapping = { ...mapping, getLIDForPN: () => Promise.reject(new Error('closed')) }

  assert.deepEqual(await findNumber(sock, asks, [NEW], DEADLINE_MS), FOUND)
  assert.deepEqual(await findNumber(sock, fails, [NEW], DEADLINE_MS), { ...FOUND, lid: null })
})

for (const [what, asked, told, answer] of [
  ['a mobile is one with and without its ninth digit', NEW, OLD, 'found'],
  ['a landline has no ninth digit', '551133334444', '5511933334444', 'no_answer'],
  ['a landline is itself', '551133334444', '551133334444', 'found'],
  ['a number of Mexico may have a digit more', '525512345678', '5215512345678', 'found'],
  ['another country is another number', '525512345678', '545512345678', 'no_answer'],
] as const) {
  test(what, async () => {
    const contact = el('contact', { type: 'in' }, `+${asked}`)
    const { found } = await check(async () => listed(el('user', { jid: `${told}@s.whatsapp.net` }, [contact])), [asked])

    assert.equal(found.answer, answer)
  })
}

/**
 * Finds which written form of a phone is on WhatsApp: one form first, then the other (Brazil's ninth digit).
 * Only WhatsApp's explicit "out" is a no. Baileys' own `onWhatsApp` takes an error, an empty list and a "no" for the
 * same, so the query is asked and read here.
 */

import {
  getBinaryNodeChild,
  getBinaryNodeChildren,
  isLidUser,
  isPnUser,
  jidDecode,
  jidNormalizedUser,
  S_WHATSAPP_NET,
  type BinaryNode,
  type WASocket,
} from '@whiskeysockets/baileys'

export type Unanswered = 'rate_limited' | 'timeout' | 'empty' | 'error'

export type NumberAnswer =
  | { answer: 'found'; jid: string; lid: string | null }
  | { answer: 'not_found' }
  | { answer: 'no_answer'; reason: Unanswered }

/** The part of a socket that asks. */
export type Asker = Pick<WASocket, 'query' | 'generateMessageTag'>
/** What WhatsApp tells of LIDs, kept so that a message finds the address without asking. */
export type LidMapping = Pick<WASocket['signalRepository']['lidMapping'], 'storeLIDPNMappings' | 'getLIDForPN'>

const MAX_QUERY_MS = 10_000
const RATE_LIMITED = 429
const TIMED_OUT = 408
/** A mobile of Brazil has two forms: with the ninth digit, and from before there was one. */
const BRAZIL = '55'
const BRAZILIAN_MOBILE = /^55(\d\d)9?([6-9]\d{7})$/
/** Elsewhere WhatsApp may write a digit more or less behind the country (Mexico, Argentina). */
const SAME_END = 8
const SAME_COUNTRY = 2
const NOBODY: NumberAnswer = { answer: 'not_found' }

/** Asks WhatsApp for each candidate until one exists; `deadlineMs` is for all of it together. */
export async function findNumber(sock: Asker, mapping: LidMapping, candidates: string[], deadlineMs: number): Promise<NumberAnswer> {
  const each = Math.min(MAX_QUERY_MS, deadlineMs / (candidates.length + 2))
  for (const candidate of candidates) {
    const answer = await within(each, query(sock, candidate, each), unanswered('timeout'))
    if (answer.answer === 'found') return { ...answer, lid: await within(each, lidOf(mapping, answer), answer.lid) }
    // A form that nobody answered for may be somebody: the other one is not asked in its place.
    if (answer.answer !== 'not_found') return answer
  }
  return NOBODY
}

async function within<T>(milliseconds: number, work: Promise<T>, otherwise: T): Promise<T> {
  const late = Promise.withResolvers<T>()
  const timer = setTimeout(() => late.resolve(otherwise), milliseconds)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}

async function query(sock: Asker, phone: string, milliseconds: number): Promise<NumberAnswer> {
  try {
    const result = (await sock.query(question(sock.generateMessageTag(), phone), milliseconds)) as BinaryNode | undefined
    return result ? read(result, phone) : unanswered('timeout')
  } catch (error) {
    return unanswered(reasonOf(error))
  }
}

function question(sid: string, phone: string): BinaryNode {
  const contact = { tag: 'contact', attrs: {}, content: `+${phone}` }
  const asked = { tag: 'query', attrs: {}, content: [{ tag: 'contact', attrs: {} }, { tag: 'lid', attrs: {} }] }
  const list = { tag: 'list', attrs: {}, content: [{ tag: 'user', attrs: {}, content: [contact] }] }
  const attrs = { context: 'interactive', mode: 'query', sid, last: 'true', index: '0' }
  return {
    tag: 'iq',
    attrs: { to: S_WHATSAPP_NET, type: 'get', xmlns: 'usync' },
    content: [{ tag: 'usync', attrs, content: [asked, list] }],
  }
}

/** The answer in a usync result. An error may stand in the stanza, in its `result` by protocol, or with the user. */
export function read(result: BinaryNode, phone: string): NumberAnswer {
  const usync = getBinaryNodeChild(result, 'usync')
  const summary = getBinaryNodeChild(getBinaryNodeChild(usync, 'result'), 'contact')
  const failed = errorIn(result) ?? errorIn(usync) ?? errorIn(summary)
  if (failed || result.attrs['type'] !== 'result') return unanswered(failed ?? 'error')
  const users = getBinaryNodeChildren(getBinaryNodeChild(usync, 'list'), 'user').filter((user) => isAbout(user, phone))
  const answers = users.map((user) => readUser(user, phone))
  // Two answers about one number that do not agree are none.
  const [first, ...others] = answers
  if (!first) return unanswered('empty')
  return others.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : unanswered('error')
}

function readUser(user: BinaryNode, phone: string): NumberAnswer {
  const contact = getBinaryNodeChild(user, 'contact')
  const failed = errorIn(user) ?? errorIn(contact)
  if (failed) return unanswered(failed)
  if (!contact) return unanswered('empty')
  switch (contact.attrs['type']) {
    case 'in':
      return found(user, phone)
    case 'out':
      return NOBODY
    default:
      return unanswered('error')
  }
}

function found(user: BinaryNode, phone: string): NumberAnswer {
  const addresses = [user.attrs['jid'], user.attrs['pn_jid']].map((jid) => jidNormalizedUser(jid))
  const jid = addresses.find((address) => isPnUser(address)) ?? phone + S_WHATSAPP_NET
  if (!sameNumber(userOf(jid), phone)) return unanswered('error')
  const lids = [getBinaryNodeChild(user, 'lid')?.attrs['val'], user.attrs['lid'], ...addresses]
  const lid = lids.find((address) => isLidUser(address))
  return { answer: 'found', jid, lid: lid && isDigits(userOf(lid)) ? jidNormalizedUser(lid) : null }
}

/** One user is asked about; a list of more is read for the one who was. */
function isAbout(user: BinaryNode, phone: string): boolean {
  const typed = getBinaryNodeChild(user, 'contact')?.content
  const digits = typed === undefined || Array.isArray(typed) ? '' : Buffer.from(typed).toString().replace(/\D/g, '')
  if (digits !== '') return digits === phone
  const { jid } = user.attrs
  return isLidUser(jid) || jid === undefined || sameNumber(userOf(jid), phone)
}

function sameNumber(one: string, other: string): boolean {
  if (one === other || !isDigits(one)) return one === other
  if (!other.startsWith(BRAZIL)) {
    return one.slice(-SAME_END) === other.slice(-SAME_END) && one.slice(0, SAME_COUNTRY) === other.slice(0, SAME_COUNTRY)
  }
  const [mine, theirs] = [BRAZILIAN_MOBILE.exec(one), BRAZILIAN_MOBILE.exec(other)]
  return mine !== null && theirs !== null && mine[1] === theirs[1] && mine[2] === theirs[2]
}

function userOf(jid: string): string {
  return jidDecode(jid)?.user ?? ''
}

function isDigits(text: string): boolean {
  return /^\d{5,20}$/.test(text)
}

function errorIn(node: BinaryNode | undefined): Unanswered | null {
  const error = getBinaryNodeChild(node, 'error')
  return error ? reasonFor(Number(error.attrs['code'])) : null
}

function reasonOf(error: unknown): Unanswered {
  const { data, output } = error as { data?: unknown; output?: { statusCode?: number } }
  return reasonFor(typeof data === 'number' ? data : Number(output?.statusCode))
}

function reasonFor(code: number): Unanswered {
  if (code === RATE_LIMITED) return 'rate_limited'
  return code === TIMED_OUT ? 'timeout' : 'error'
}

function unanswered(reason: Unanswered): NumberAnswer {
  return { answer: 'no_answer', reason }
}

/** The LID that WhatsApp told with its answer, kept; or the one it tells when asked for it alone. */
async function lidOf(mapping: LidMapping, { jid, lid }: { jid: string; lid: string | null }): Promise<string | null> {
  if (lid) {
    await mapping.storeLIDPNMappings([{ lid, pn: jid }])
    return lid
  }
  const known = await mapping.getLIDForPN(jid).catch(() => null)
  return known ? jidNormalizedUser(known) : null
}

/** usync: who has a number, which devices and which LID an account has; answered truly, or wrongly as ordered. */

import type { BinaryNode } from '@whiskeysockets/baileys'
import type { LookUp } from './faults.ts'
import { bytes, child, children, node, refusal, result } from './stanzas.ts'
import { type Device, userOf, type World } from './world.ts'

const TOO_MANY = 429
const LONG_FORM_DIGITS = 13

interface Asked {
  number: string
  node: BinaryNode
}

/** The answer to a look-up; null when it is never answered. Unknown numbers have neither devices nor LID. */
export function lookUp(world: World, device: Device, query: BinaryNode): BinaryNode | null {
  world.counts.usync_queries += 1
  const usync = child(query, 'usync')
  const protocols = child(usync, 'query')?.content
  const wanted = Array.isArray(protocols) ? protocols.map(({ tag }) => tag) : []
  const asked = children(child(usync, 'list'), 'user').map((user) => ({ number: numberIn(world, user), node: user }))
  for (const { number } of asked) if (number !== device.number) world.tally.lookedUp(device.number, number)
  const about = wanted.includes('contact') ? 'contact' : 'devices'
  const fault = world.faults.lookUp(device.number, about, asked.map(({ number }) => number))
  if (fault?.answer === 'none') return null
  if (fault?.answer === 'error') return refusal(query, fault.code ?? TOO_MANY, 'rate-overlimit')
  const context = usync?.attrs['context'] ?? ''
  if (fault?.answer === 'no_list') return result(query, [node('usync', { context }, [node('result', {})])])
  const users = listed(asked, fault).map((one) => described(world, one, wanted, fault))
  return result(query, [node('usync', { context }, [node('list', {}, users)])])
}

/** Who is in the answer: nobody, the other number only (of two, or of the two forms of a number), or everybody. */
function listed(asked: Asked[], fault: LookUp | undefined): Asked[] {
  if (fault?.answer === 'empty') return []
  if (fault?.answer !== 'other') return asked
  if (asked.length === 1) return asked.map((one) => ({ ...one, number: otherForm(one.number) }))
  return asked.filter(({ number }) => number !== (fault.of ?? asked[0]?.number))
}

/** A Brazilian mobile number with or without its ninth digit. */
function otherForm(number: string): string {
  const area = number.slice(0, 4)
  return number.length === LONG_FORM_DIGITS ? area + number.slice(5) : `${area}9${number.slice(4)}`
}

function described(world: World, { number, node: user }: Asked, wanted: string[], fault: LookUp | undefined): BinaryNode {
  const hit = fault !== undefined && (fault.of === undefined || fault.of === number)
  const phone = hit && fault.answer === 'out' ? undefined : world.phone(number)
  if (!phone) world.counts.unknown_numbers += 1
  const jid = bytes(user, 'contact') ? `${number}@s.whatsapp.net` : (user.attrs['jid'] ?? '').replace(/:\d+@/, '@')
  if (hit && fault.answer === 'protocol_error') return node('user', { jid }, wanted.map((tag) => failed(tag, fault)))
  const parts: BinaryNode[] = []
  if (wanted.includes('contact')) parts.push(node('contact', { type: phone ? 'in' : 'out' }))
  if (wanted.includes('devices') && phone) parts.push(deviceList(world, phone.number))
  if (wanted.includes('lid') && phone) parts.push(node('lid', { val: phone.lid }))
  return node('user', { jid }, parts)
}

/** A protocol that could not answer about a user. */
function failed(tag: string, { code = TOO_MANY }: LookUp): BinaryNode {
  return node(tag, {}, [node('error', { code: String(code), text: 'rate-overlimit' })])
}

/** The number asked about, whichever way it is written. */
function numberIn(world: World, user: BinaryNode): string {
  const typed = bytes(user, 'contact')?.toString().replace(/\D/g, '')
  const jid = typed === undefined ? (user.attrs['jid'] ?? '') : `${typed}@s.whatsapp.net`
  return world.phoneOf(jid)?.number ?? userOf(jid)
}

function deviceList(world: World, number: string): BinaryNode {
  const linked = world.device(number)
  const devices = [node('device', { id: '0' })]
  if (linked) devices.push(node('device', { id: String(linked.device), 'key-index': '1' }))
  return node('devices', {}, [node('device-list', {}, devices)])
}

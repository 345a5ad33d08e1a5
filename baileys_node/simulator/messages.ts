/** A message's way from a linked device to phones: decrypted there, acknowledged here, receipts back. */

import { type BinaryNode, proto } from '@whiskeysockets/baileys'
import { type Connection, push } from './connection.ts'
import { contentOf, type Sent } from './contents.ts'
import type { Acks } from './faults.ts'
import { ProtocolError } from './noise.ts'
import { Refused } from './pairing.ts'
import type { Phone } from './phone.ts'
import { child, children, node, now } from './stanzas.ts'
import { addressOf, type Device, userOf, type World } from './world.ts'

interface Waiting {
  from: string
  device: number
  id: string
  to: string
  type: string
  data: Buffer
}

/** What somebody wrote to a linked device, until the device has read it. */
export interface Written {
  id: string
  from: string
  /** The text, or the very bytes in its place, in base64: what is not UTF-8 can leave in no other way. */
  text: string
  raw?: boolean
  /** Something else than a plain text, in its place. */
  sent?: Sent
  /** The name that comes with it; without one, the phone's. */
  pushName?: string
  lidForm: boolean
}

/** Takes a message of a linked device: refused, lost or delivered, and answered as ordered. */
export async function carry(connection: Connection, device: Device, message: BinaryNode): Promise<void> {
  const { world } = connection
  const { id, to } = message.attrs
  if (!id || !to) throw new ProtocolError('a message without id or address')
  const target = world.phoneOf(to)
  const number = target?.number ?? userOf(to)
  if (message.attrs['category'] !== 'peer') world.tally.addressed(device.number, number, id)
  const error = world.faults.refusal(device.number, number, target !== undefined && !to.endsWith('@lid'))
  if (error !== undefined) {
    world.counts.refused += 1
    acknowledge(connection, id, to, { error: String(error) })
    return
  }
  if (world.faults.dropsMessage(device.number)) return
  if (world.faults.cuts(device.number, number, 'before_storing')) return connection.cut()
  const delivered = await deliver(world, device, message, id)
  if (target && target.number !== device.number) world.counts.messages += 1
  if (world.faults.cuts(device.number, number, 'before_ack')) connection.cut()
  acknowledgeAsOrdered(connection, id, to, world.faults.acks(device.number, number, id))
  for (const receipt of delivered) receipt()
  const cut = world.faults.cuts(device.number, number, 'after_ack')
  if (world.faults.cutsNow(device.number) || cut) connection.cut()
}

function acknowledgeAsOrdered(connection: Connection, id: string, to: string, order: Acks | undefined): void {
  if (order?.how === 'none') return
  if (order?.ms) setTimeout(() => acknowledge(connection, id, to), order.ms)
  else acknowledge(connection, id, to)
  if (order?.how === 'twice') acknowledge(connection, id, to)
}

function acknowledge(connection: Connection, id: string, to: string, extra: Record<string, string> = {}): void {
  connection.send(node('ack', { class: 'message', id, from: to, t: now(), ...extra }))
}

/** Hands each copy to its phone; returns the receipts to send once the message is acknowledged. */
async function deliver(world: World, device: Device, message: BinaryNode, id: string): Promise<(() => void)[]> {
  const receipts: (() => void)[] = []
  for (const [jid, enc] of copies(message)) {
    const phone = world.phoneOf(jid)
    const data = enc.content
    if (!phone || !(data instanceof Uint8Array)) continue
    const { type } = enc.attrs
    if (type !== 'pkmsg' && type !== 'msg') throw new ProtocolError(`a message encrypted as ${type}`)
    if (type === 'pkmsg' && !child(message, 'device-identity')) throw new ProtocolError('a first message without identity')
    const waiting = { from: device.number, device: device.device, id, to: jid, type, data: Buffer.from(data) }
    if (phone.behaviour.delivers) receipts.push(await arrive(world, phone, waiting))
    else world.store.put(`waiting ${phone.number}`, `${Date.now()} ${id}`, waiting)
  }
  return receipts
}

/** The copies in a message: one per device, or the only one of a peer message. */
function copies(message: BinaryNode): [string, BinaryNode][] {
  const single = child(message, 'enc')
  if (single) return [[message.attrs['to'] ?? '', single]]
  return children(child(message, 'participants'), 'to').map((copy) => {
    const enc = child(copy, 'enc')
    if (!enc) throw new ProtocolError('a copy without content')
    return [copy.attrs['jid'] ?? '', enc]
  })
}

/** A copy reaches its phone, which tries to read it; returns the receipt it gives. */
async function arrive(world: World, phone: Phone, copy: Waiting): Promise<() => void> {
  const sender = { number: copy.from, device: copy.device }
  const own = phone.number === copy.from
  if (phone.behaviour.asks_retry > 0 && !own) {
    phone.behave({ asks_retry: phone.behaviour.asks_retry - 1 })
    phone.forget(sender)
    return () => askAgain(world, phone, copy)
  }
  let message: proto.Message
  try {
    message = await phone.decrypt(sender, copy.type, copy.data)
  } catch (error) {
    world.counts.decrypt_failures += 1
    process.stderr.write(`${JSON.stringify({ level: 'warn', msg: 'not decrypted', error: String(error) })}\n`)
    return own ? () => {} : () => askAgain(world, phone, copy)
  }
  if (own) {
    showOwn(world, phone, copy, message)
    return () => {}
  }
  const text = textOf(message)
  if (text === undefined) return () => {}
  if (!phone.show(copy.from, copy.id, text, copy.type)) world.counts.repeated_ids += 1
  return () => giveReceipts(world, phone, copy)
}

/**
 * A copy of what the account's other device sent. What it sent to the account itself stands in its own chat, and
 * WhatsApp tells nobody that it arrived: there is no receipt for it.
 */
function showOwn(world: World, phone: Phone, copy: Waiting, { deviceSentMessage: sent }: proto.IMessage): void {
  const text = sent?.message ? textOf(sent.message) : undefined
  if (text === undefined || world.phoneOf(sent?.destinationJid ?? '')?.number !== phone.number) return
  if (!phone.show(copy.from, copy.id, text, copy.type)) world.counts.repeated_ids += 1
}

/** "Delivered", and "read" if its owner reads at once; as ordered if there is an order. */
function giveReceipts(world: World, phone: Phone, copy: Waiting): void {
  const how = world.faults.receipts(copy.from, phone.number)?.how
  if (how === 'none') return
  const types = phone.behaviour.reads || how === 'read_first' ? [undefined, 'read'] : [undefined]
  if (how === 'read_first') types.reverse()
  for (const type of how === 'twice' ? [...types, ...types] : types) {
    sendReceipts(world, copy.from, [copy.id], copy.to, type)
  }
}

/** The phone is online again: what waited arrives. */
export async function comeOnline(world: World, phone: Phone): Promise<void> {
  const scope = `waiting ${phone.number}`
  for (const [key, copy] of world.store.all<Waiting>(scope)) {
    const receipt = await arrive(world, phone, copy)
    world.store.drop(scope, key)
    receipt()
  }
}

/** A receipt for an account's linked device, for one message or a list; `type` is absent for "delivered". */
export function sendReceipts(world: World, number: string, ids: string[], from: string, type?: string): void {
  const device = world.device(number)
  const [id = '', ...others] = ids
  const items = others.map((other) => node('item', { id: other }))
  const list = items.length > 0 ? [node('list', {}, items)] : undefined
  if (device) push(world, device, node('receipt', { id, from, t: now(), ...(type ? { type } : {}) }, list))
}

/** "I cannot read this": the sender shall encrypt it anew, with the keys in the receipt. */
function askAgain(world: World, phone: Phone, copy: Waiting): void {
  const device = world.device(copy.from)
  if (!device) return
  const { registration, keys } = phone.retryKeys(copy.to)
  const attrs = { id: copy.id, from: copy.to, t: now(), type: 'retry' }
  push(
    world,
    device,
    node('receipt', attrs, [
      node('retry', { count: '1', id: copy.id, t: now(), v: '1' }),
      node('registration', {}, registration),
      keys,
    ]),
  )
}

/** The device confirmed something it was pushed, or asks to have it anew because it could not read it. */
export async function confirmReceipt(world: World, device: Device, confirmation: BinaryNode): Promise<void> {
  const { id } = confirmation.attrs
  unqueue(world, device, confirmation)
  const written = world.store.get<Written>(`written ${device.number}`, id ?? '')
  if (confirmation.tag !== 'receipt' || !written) return
  if (confirmation.attrs['type'] !== 'retry') {
    world.store.drop(`written ${device.number}`, written.id)
    return
  }
  const [phone, to] = [world.phone(written.from), world.phone(device.number)]
  if (!phone || !to) return
  phone.forget(addressOf(device))
  await write(world, phone, to, written)
}

function unqueue(world: World, device: Device, confirmation: BinaryNode): void {
  const { id, type } = confirmation.attrs
  const wanted = confirmation.tag === 'ack' ? confirmation.attrs['class'] : 'message'
  // "Delivered" and "read" carry the same id: each is confirmed by itself.
  const isIt = (queued: BinaryNode): boolean => wanted !== 'receipt' || queued.attrs['type'] === type
  const scope = `queue ${device.number}`
  for (const [key, queued] of world.store.all<BinaryNode>(scope)) {
    if (queued.attrs['id'] === id && queued.tag === wanted && isIt(queued)) world.store.drop(scope, key)
  }
}

/** What somebody writes to an account reaches its linked device, from the number or from the LID. */
export async function write(world: World, phone: Phone, to: Phone, written: Written): Promise<void> {
  const { id, lidForm } = written
  const device = world.device(to.number)
  if (!device) throw new Refused('nobody is linked to that number')
  world.store.put(`written ${to.number}`, id, written)
  const sent = written.sent ?? { kind: 'text', text: written.text }
  const content = written.raw ? rawConversation(Buffer.from(written.text, 'base64')) : contentOf(sent)
  const { type, data } = await phone.encrypt(addressOf(device), content, () => world.takeBundle(device))
  const form: Record<string, string> = lidForm
    ? { from: phone.lid, sender_pn: phone.jid, addressing_mode: 'lid' }
    : { from: phone.jid, sender_lid: phone.lid }
  const attrs = { id, type: 'text', t: now(), notify: written.pushName ?? phone.name, ...form }
  push(world, device, node('message', attrs, [node('enc', { v: '2', type }, data)]))
}

/** `proto.Message{conversation}` around bytes that need not be UTF-8: field 1, length-delimited (protobuf encoding). */
function rawConversation(text: Buffer): Buffer {
  const length: number[] = []
  for (let left = text.length; ; left >>>= 7) {
    length.push(left > 0x7f ? (left & 0x7f) | 0x80 : left)
    if (left <= 0x7f) break
  }
  return Buffer.concat([Buffer.from([0x0a, ...length]), text])
}

function textOf(message: proto.IMessage): string | undefined {
  return message.conversation ?? message.extendedTextMessage?.text ?? message.imageMessage?.caption ?? undefined
}

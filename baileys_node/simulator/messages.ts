/** A message's way from a linked device to phones: decrypted there, acknowledged here, receipts back. */

import { type BinaryNode, proto } from '@whiskeysockets/baileys'
import { type Connection, push } from './connection.ts'
import { ProtocolError } from './noise.ts'
import { Refused } from './pairing.ts'
import type { Phone } from './phone.ts'
import { child, children, node, now } from './stanzas.ts'
import { addressOf, type Device, type World } from './world.ts'

interface Waiting {
  from: string
  device: number
  id: string
  to: string
  type: string
  data: Buffer
}

/** What somebody wrote to a linked device, until the device has read it. */
interface Written {
  id: string
  from: string
  text: string
  lidForm: boolean
}

/** Takes a message of a linked device: refused, lost or delivered, and answered as ordered. */
export async function carry(connection: Connection, device: Device, message: BinaryNode): Promise<void> {
  const { world } = connection
  const { id, to } = message.attrs
  if (!id || !to) throw new ProtocolError('a message without id or address')
  const target = world.phoneOf(to)
  const error = world.faults.refusal(device.number, target?.number ?? '')
  if (error !== undefined) {
    world.counts.refused += 1
    acknowledge(connection, id, to, { error: String(error) })
    return
  }
  if (world.faults.dropsMessage(device.number)) return
  const delivered = await deliver(world, device, message, id)
  if (target && target.number !== device.number) world.counts.messages += 1
  if (!world.faults.dropsAck(device.number)) await acknowledgeInTime(connection, device, id, to)
  for (const receipt of delivered) receipt()
  if (world.faults.cutsNow(device.number)) connection.cut()
}

async function acknowledgeInTime(connection: Connection, device: Device, id: string, to: string): Promise<void> {
  const delay = connection.world.faults.ackDelay(device.number)
  if (delay === 0) acknowledge(connection, id, to)
  else setTimeout(() => acknowledge(connection, id, to), delay)
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
  if (own) return () => {} // a copy of what the owner's other device sent to somebody else
  const text = textOf(message)
  if (text === undefined) return () => {}
  if (!phone.show(copy.from, copy.id, text, copy.type)) world.counts.repeated_ids += 1
  return () => {
    sendReceipt(world, copy.from, copy.id, copy.to)
    if (phone.behaviour.reads) sendReceipt(world, copy.from, copy.id, copy.to, 'read')
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

/** A receipt for an account's linked device; `type` is absent for "delivered". */
export function sendReceipt(world: World, number: string, id: string, from: string, type?: string): void {
  const device = world.device(number)
  if (device) push(world, device, node('receipt', { id, from, t: now(), ...(type ? { type } : {}) }))
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
  await write(world, phone, to, written.text, written.id, written.lidForm)
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
export async function write(world: World, phone: Phone, to: Phone, text: string, id: string, lidForm: boolean): Promise<void> {
  const device = world.device(to.number)
  if (!device) throw new Refused('nobody is linked to that number')
  world.store.put(`written ${to.number}`, id, { id, from: phone.number, text, lidForm } satisfies Written)
  const { type, data } = await phone.encrypt(addressOf(device), { conversation: text }, () => world.takeBundle(device))
  const form: Record<string, string> = lidForm
    ? { from: phone.lid, sender_pn: phone.jid, addressing_mode: 'lid' }
    : { from: phone.jid, sender_lid: phone.lid }
  const attrs = { id, type: 'text', t: now(), notify: phone.name, ...form }
  push(world, device, node('message', attrs, [node('enc', { v: '2', type }, data)]))
}

function textOf(message: proto.IMessage): string | undefined {
  return message.conversation ?? message.extendedTextMessage?.text ?? message.imageMessage?.caption ?? undefined
}

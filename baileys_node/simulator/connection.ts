/**
 * One WebSocket of one client: handshake, pairing or login, then stanzas in order. Everything the server must be sure
 * the client got (messages, receipts) stays queued in the store until the client confirms it.
 */

import { type BinaryNode, decodeBinaryNode, encodeBinaryNode, type proto, S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import type { WebSocket } from 'ws'
import { farewellOf } from './farewells.ts'
import { answer } from './queries.ts'
import { greet } from './greeting.ts'
import { carry, confirmReceipt } from './messages.ts'
import { ProtocolError, ServerNoise } from './noise.ts'
import { Pairing } from './pairing.ts'
import { node, now } from './stanzas.ts'
import { addressOf, type Device, type World } from './world.ts'

export class Connection {
  readonly world: World
  device: Device | undefined
  pairing: Pairing | undefined
  noiseKey: Buffer = Buffer.alloc(0)
  /** Whether the client asked for what is queued: before that nothing may be pushed. */
  active = false
  readonly #socket: WebSocket
  readonly #noise: ServerNoise
  #work: Promise<void> = Promise.resolve()
  #handshakes = 0
  #missed = false

  constructor(socket: WebSocket, world: World) {
    this.#socket = socket
    this.world = world
    this.#noise = new ServerNoise(world.authority)
    socket.on('message', (data: Buffer) => this.#receive(data))
    socket.on('close', () => this.#closed())
    socket.on('error', () => socket.terminate())
  }

  get number(): string {
    return this.device?.number ?? ''
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN
  }

  send(stanza: BinaryNode): void {
    if (!this.isOpen || this.world.faults.isSilent(this.number)) return
    this.#socket.send(this.#noise.seal(encodeBinaryNode(stanza)))
  }

  /** Ends the stream the way WhatsApp does, with a last word. */
  end(lastWord?: BinaryNode): void {
    if (lastWord) this.send(lastWord)
    this.#socket.close()
  }

  /** Cuts the line without a word. */
  cut(): void {
    this.#socket.terminate()
  }

  /** Frames are handled one after the other, each to its end. */
  #receive(data: Buffer): void {
    if (this.world.faults.isSilent(this.number)) {
      this.#missed = true
      return
    }
    // What was not read cannot be made up for: the cipher counts frames.
    if (this.#missed) return this.cut()
    this.#work = this.#work.then(() => this.#handle(data)).catch((error: unknown) => this.#fail(error))
  }

  async #handle(data: Buffer): Promise<void> {
    for (const frame of this.#noise.take(data)) {
      if (this.#noise.established) await this.#stanza(await decodeBinaryNode(frame))
      else this.#handshake(frame)
    }
  }

  #fail(error: unknown): void {
    this.world.counts.malformed += 1
    process.stderr.write(`${JSON.stringify({ level: 'error', msg: 'connection failed', error: String(error) })}\n`)
    this.cut()
  }

  #handshake(frame: Buffer): void {
    this.#handshakes += 1
    if (this.#handshakes === 1) {
      this.#socket.send(this.#noise.hello(frame))
      return
    }
    const { noiseKey, payload } = this.#noise.finish(frame)
    this.noiseKey = noiseKey
    if (payload.devicePairingData) this.#beginPairing(payload)
    else this.#login(payload)
  }

  #beginPairing(payload: proto.ClientPayload): void {
    this.pairing = new Pairing(this, payload)
    this.pairing.offer()
  }

  #login(payload: proto.ClientPayload): void {
    const number = String(payload.username)
    const device = this.world.device(number)
    const isIt = device?.device === payload.device && device?.noiseKey.equals(this.noiseKey)
    if (!device || !isIt) {
      this.end(node('failure', { reason: '401', location: 'sim' }))
      return
    }
    const refused = this.world.faults.login(number)
    if (refused) {
      this.world.counts.refused_logins += 1
      this.end(farewellOf(refused.code, refused.expire_s))
      return
    }
    this.world.online.get(number)?.end(node('stream:error', {}, [node('conflict', { type: 'replaced' })]))
    this.device = device
    this.world.online.set(number, this)
    this.world.counts.logins += 1
    device.logins += 1
    this.world.keepDevice(device)
    const lid = this.world.phone(number)?.lid ?? ''
    this.send(node('success', { t: now(), lid: lid.replace('@', `:${device.device}@`), location: 'sim' }))
  }

  async #stanza(stanza: BinaryNode): Promise<void> {
    const slow = this.world.faults.slowness(this.number)
    if (slow) await new Promise((resolve) => setTimeout(resolve, slow))
    switch (stanza.tag) {
      case 'iq':
        await this.#query(stanza)
        break
      case 'message':
        if (!this.device) throw new ProtocolError('a message before the login')
        await carry(this, this.device, stanza)
        break
      case 'receipt':
        if (this.device) await confirmReceipt(this.world, this.device, stanza)
        this.send(node('ack', { class: 'receipt', id: stanza.attrs['id'] ?? '', from: stanza.attrs['to'] ?? S_WHATSAPP_NET }))
        break
      case 'ack':
        if (this.device) await confirmReceipt(this.world, this.device, stanza)
        break
      case 'presence':
      case 'chatstate':
      case 'ib':
        break
      default:
        throw new ProtocolError(`a stanza of an unknown kind: ${stanza.tag}`)
    }
  }

  async #query(stanza: BinaryNode): Promise<void> {
    if (this.pairing?.take(stanza)) return
    const reply = answer(this, stanza)
    if (reply) this.send(reply)
    if (stanza.attrs['xmlns'] === 'passive' && this.device) await this.#activate(this.device)
  }

  /** The client is ready: the first keys if it is new, then whatever waited. */
  async #activate(device: Device): Promise<void> {
    if (!device.greeted) await greet(this.world, device)
    this.active = true
    const queued = this.world.store.all<BinaryNode>(`queue ${device.number}`)
    for (const [, stanza] of queued) this.send({ ...stanza, attrs: { ...stanza.attrs, offline: '0' } })
    this.send(node('ib', { from: S_WHATSAPP_NET }, [node('offline', { count: String(queued.length) })]))
  }

  #closed(): void {
    this.pairing?.forget()
    if (this.device && this.world.online.get(this.number) === this) this.world.online.delete(this.number)
  }
}

/** Sends a stanza to an account's linked device, now or at its next login, until it confirms it. */
export function push(world: World, device: Device, stanza: BinaryNode): void {
  const sequence = world.store.get<number>('sequence', device.number) ?? 0
  world.store.put('sequence', device.number, sequence + 1)
  world.store.put(`queue ${device.number}`, String(sequence).padStart(12, '0'), stanza)
  const connection = world.online.get(device.number)
  if (connection?.active && connection.device?.device === addressOf(device).device) connection.send(stanza)
}

/** Unmodified Baileys as a linked device, its auth state in memory, and everything it was told. */

import '../src/quiet.ts'
import type { TestContext } from 'node:test'
import makeWASocket, {
  type AuthenticationCreds,
  type BaileysEventMap,
  type BinaryNode,
  Browsers,
  initAuthCreds,
  proto,
  type SignalDataTypeMap,
  type SignalKeyStore,
  type WAMessage,
  type WASocket,
} from '@whiskeysockets/baileys'
import { pino } from 'pino'
import { freshNumber, type WhatsApp } from './simulator-process.ts'
import { Watch } from './watch.ts'

type Update = BaileysEventMap['connection.update']
type Attributes = Record<string, string>

const silent = pino({ level: 'silent' })

/** Baileys' keys, as they would be in a database. */
class MemoryKeys implements SignalKeyStore {
  readonly #kept = new Map<string, unknown>()

  get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]): Record<string, SignalDataTypeMap[T]> {
    const known = ids.filter((id) => this.#kept.has(`${type} ${id}`))
    return Object.fromEntries(known.map((id) => [id, this.#kept.get(`${type} ${id}`) as SignalDataTypeMap[T]]))
  }

  set(entries: Record<string, Record<string, unknown>>): void {
    for (const [type, values] of Object.entries(entries)) {
      for (const [id, value] of Object.entries(values)) {
        if (value === null || value === undefined) this.#kept.delete(`${type} ${id}`)
        else this.#kept.set(`${type} ${id}`, value)
      }
    }
  }

  /** Loses the Signal sessions with everybody. */
  loseSessions(): void {
    for (const key of this.#kept.keys()) if (key.startsWith('session ')) this.#kept.delete(key)
  }
}

export class Device {
  readonly number: string
  creds: AuthenticationCreds = initAuthCreds()
  readonly keys = new MemoryKeys()
  readonly #whatsapp: WhatsApp
  readonly #watch = new Watch()
  readonly #sent = new Map<string, proto.IMessage>()
  #sock: WASocket | undefined
  #updates: Update[] = []
  #acks: Attributes[] = []
  #receipts: Attributes[] = []
  #written: WAMessage[] = []
  #refs: string[] = []
  #order: string[] = []

  constructor(whatsapp: WhatsApp, number: string) {
    this.#whatsapp = whatsapp
    this.number = number
  }

  get sock(): WASocket {
    if (!this.#sock) throw new Error('connect first')
    return this.#sock
  }

  /** A new socket; what the one before was told is forgotten. */
  connect(): void {
    this.#whatsapp.trust()
    ;[this.#updates, this.#acks, this.#receipts, this.#written] = [[], [], [], []]
    ;[this.#refs, this.#order] = [[], []]
    const { creds, keys } = this
    this.#sock = makeWASocket({
      auth: { creds, keys },
      waWebSocketUrl: this.#whatsapp.addresses.url,
      logger: silent,
      browser: Browsers.ubuntu('Chrome'),
      countryCode: 'BR',
      markOnlineOnConnect: false,
      syncFullHistory: false,
      getMessage: async ({ id }) => this.#sent.get(id ?? ''),
    })
    this.#listen(this.#sock)
  }

  /** Connects for the first time, is scanned, logs in, and takes the history its phone sends. */
  async pair(): Promise<void> {
    this.connect()
    await this.scan(await this.qr())
    await this.closed()
    this.connect()
    await this.opened()
    await this.#watch.until('the history', () => this.creds.accountSyncCounter || undefined)
  }

  qr(): Promise<string> {
    return this.#watch.until('a QR', () => this.#updates.find(({ qr }) => qr)?.qr)
  }

  /** The references of all QRs to come, first to last. */
  async refs(): Promise<string[]> {
    await this.qr()
    return this.#refs
  }

  /** The owner's phone scans a QR. */
  async scan(qr: string): Promise<void> {
    await this.#whatsapp.ask('POST', `/phones/${this.number}/scan`, { qr })
  }

  async opened(): Promise<void> {
    await this.#watch.until('open', () => this.#updates.find(({ connection }) => connection === 'open'))
  }

  /** Why the connection ended: the code Baileys makes of it, and its words. */
  async closed(): Promise<{ code: number | undefined; message: string }> {
    const update = await this.#watch.until('close', () => this.#updates.find(({ connection }) => connection === 'close'))
    const error = update.lastDisconnect?.error as (Error & { output?: { statusCode: number } }) | undefined
    return { code: error?.output?.statusCode, message: error?.message ?? '' }
  }

  get isClosed(): boolean {
    return this.#updates.some(({ connection }) => connection === 'close')
  }

  async send(to: string, id: string, text = 'Oi'): Promise<void> {
    this.#sent.set(id, { conversation: text })
    await this.sock.sendMessage(`${to}@s.whatsapp.net`, { text }, { messageId: id })
  }

  /** The server's answer to a message. */
  acked(id: string): Promise<Attributes> {
    return this.#watch.until(`the ack of ${id}`, () => this.#acks.find((ack) => ack['id'] === id))
  }

  /** The ids answered so far. */
  get acks(): (string | undefined)[] {
    return this.#acks.map(({ id }) => id)
  }

  /** Acks and receipts in the order they came: `ack A1`, `receipt A1`. */
  get order(): readonly string[] {
    return this.#order
  }

  /** A phone's receipt: delivered when it has no type. */
  receipt(id: string, type?: 'read' | 'retry'): Promise<Attributes> {
    const isIt = (receipt: Attributes): boolean => receipt['id'] === id && receipt['type'] === type
    return this.#watch.until(`the receipt of ${id}`, () => this.#receipts.find(isIt))
  }

  /** The types of all receipts of a message, in order; delivered is ''. */
  receipts(id: string): string[] {
    return this.#receipts.filter((receipt) => receipt['id'] === id).map(({ type }) => type ?? '')
  }

  /** What somebody wrote, decrypted. */
  written(id: unknown): Promise<WAMessage> {
    return this.#watch.until('a written message', () => this.#written.find(({ key, message }) => key.id === id && message))
  }

  async end(): Promise<void> {
    await this.#sock?.end(undefined)
  }

  #listen(sock: WASocket): void {
    const tell = <T>(list: T[], ...facts: T[]): void => {
      list.push(...facts)
      this.#watch.changed()
    }
    const order = this.#order
    const answered = (list: Attributes[], { tag, attrs }: BinaryNode): void => {
      order.push(`${tag} ${attrs['id']}`)
      tell(list, attrs)
    }
    const [updates, acks, receipts, written] = [this.#updates, this.#acks, this.#receipts, this.#written]
    sock.ev.on('creds.update', (change) => {
      Object.assign(this.creds, change)
      this.#watch.changed()
    })
    sock.ev.on('connection.update', (update) => tell(updates, update))
    sock.ev.on('messages.upsert', ({ messages }) => tell(written, ...messages))
    sock.ws.on('CB:ack,class:message', (ack: BinaryNode) => answered(acks, ack))
    sock.ws.on('CB:receipt', (receipt: BinaryNode) => answered(receipts, receipt))
    sock.ws.on('CB:iq,type:set,pair-device', (offer: BinaryNode) => this.#refs.push(...refsIn(offer)))
  }
}

function refsIn(offer: BinaryNode): string[] {
  const [pairDevice] = offer.content as BinaryNode[]
  return (pairDevice?.content as BinaryNode[]).map(({ content }) => Buffer.from(content as Uint8Array).toString())
}

/** A device of an account that exists, not linked yet; it ends with the test. */
export async function makeDevice(t: TestContext, whatsapp: WhatsApp, number?: string): Promise<Device> {
  const device = new Device(whatsapp, number ?? (await addPhone(whatsapp)))
  t.after(() => device.end())
  return device
}

/** A linked device that is logged in. */
export async function makeLinked(t: TestContext, whatsapp: WhatsApp): Promise<Device> {
  const device = await makeDevice(t, whatsapp)
  await device.pair()
  return device
}

/** A new account with its phone; returns its number. */
export async function addPhone(whatsapp: WhatsApp): Promise<string> {
  const number = freshNumber()
  await whatsapp.ask('PUT', `/phones/${number}`, {})
  return number
}

/** Another client that says it is the same device. */
export function copyOf(t: TestContext, whatsapp: WhatsApp, device: Device): Device {
  const copy = new Device(whatsapp, device.number)
  copy.creds = { ...device.creds }
  t.after(() => copy.end())
  return copy
}

/** A business with a worker, an owner's phone and a client's, all its own: tests share a simulator undisturbed. */

import type { TestContext } from 'node:test'
import { DEFAULT_CONNECTION_CONFIG } from '@whiskeysockets/baileys'
import { lidOf } from '../simulator/phone.ts'
import type { Json } from '../src/frames.ts'
import { TIMING, type Timing } from '../src/silence.ts'
import { Host } from './sidecar-support.ts'
import { freshNumber, type Shown, type WhatsApp } from './simulator-process.ts'

export class Shop {
  readonly owner = freshNumber()
  readonly client = freshNumber()
  readonly host: Host
  readonly #whatsapp: WhatsApp

  constructor(whatsapp: WhatsApp, timing: Timing) {
    this.#whatsapp = whatsapp
    const { version } = DEFAULT_CONNECTION_CONFIG
    this.host = new Host({ server: { url: whatsapp.addresses.url, rootKey: null }, version }, timing)
  }

  /** Tenant 1, epoch 1: paired by QR, and its session open. */
  async pair(): Promise<void> {
    await this.host.ask('open', { creds: null })
    await this.scan()
    await this.host.heard('closed')
    await this.host.ask('open', { creds: this.host.creds })
    await this.host.heard('open')
  }

  /** The owner's phone scans the QR on show. */
  async scan(): Promise<void> {
    const { payload } = await this.host.heard('qr')
    await this.#whatsapp.ask('POST', `/phones/${this.owner}/scan`, { qr: payload })
  }

  async enterCode(code: unknown): Promise<void> {
    await this.#whatsapp.ask('POST', `/phones/${this.owner}/enter-code`, { code })
  }

  send(messageId: string, text = 'Oi', deadlineMs = 20_000): Promise<Json> {
    const jid = `${this.client}@s.whatsapp.net`
    return this.host.ask('send', { message_id: messageId, jid, text, typing_ms: 0 }, deadlineMs)
  }

  /** The client writes to the owner. */
  async reply(text: string): Promise<void> {
    await this.replyWith({ text })
  }

  async replyWith(content: Json): Promise<void> {
    await this.#whatsapp.ask('POST', `/phones/${this.client}/reply`, { to: this.owner, ...content })
  }

  async kick(code: number): Promise<void> {
    await this.#whatsapp.ask('POST', `/sessions/${this.owner}/kick`, { code })
  }

  async ownerBehaves(settings: Json): Promise<void> {
    await this.#whatsapp.ask('POST', `/phones/${this.owner}/settings`, settings)
  }

  async clientBehaves(settings: Json): Promise<void> {
    await this.#whatsapp.ask('POST', `/phones/${this.client}/settings`, settings)
  }

  /** WhatsApp misbehaves towards this owner. */
  async faults(order: Json): Promise<void> {
    await this.#whatsapp.ask('POST', '/faults', { number: this.owner, ...order })
  }

  /** Whether these key entries hold the Signal session with the client's phone. */
  isSessionWithClient(entries: Json): boolean {
    const addresses = Object.keys((entries['session'] ?? {}) as Json)
    return addresses.some((address) => [this.client, lidOf(this.client)].includes(address.split(/[_.]/)[0]!))
  }

  /** What the client's phone shows. */
  inbox(): Promise<Shown[]> {
    return this.#whatsapp.inbox(this.client)
  }
}

/** A business whose phones exist on WhatsApp and that is not paired yet; its worker ends with the test. */
export async function makeShop(t: TestContext, whatsapp: WhatsApp, timing: Timing = TIMING): Promise<Shop> {
  const shop = new Shop(whatsapp, timing)
  t.after(() => shop.host.worker.shutdown())
  const phones = [
    { number: shop.owner, name: 'Academia Boa Forma' },
    { number: shop.client, name: 'Maria' },
  ]
  await whatsapp.ask('PUT', '/phones', { phones })
  return shop
}

/** A business with an open session. */
export async function makePairedShop(t: TestContext, whatsapp: WhatsApp, timing: Timing = TIMING): Promise<Shop> {
  const shop = await makeShop(t, whatsapp, timing)
  await shop.pair()
  return shop
}

/** All of WhatsApp that is the same for every connection: accounts, linked devices, queues, faults, counters. */

import { type BinaryNode, Curve, generateSignalPubKey, S_WHATSAPP_NET } from '@whiskeysockets/baileys'
import type { Connection } from './connection.ts'
import { Faults } from './faults.ts'
import type { Authority } from './noise.ts'
import { type Address, lidOf, Phone, type PreKeyBundle } from './phone.ts'
import { node, now } from './stanzas.ts'
import type { Store } from './store.ts'
import { Tally } from './tally.ts'

/** A companion device that was linked by its owner's phone. */
export interface Device {
  number: string
  device: number
  identity: Buffer
  noiseKey: Buffer
  registrationId: number
  signedPreKey: { id: number; value: Buffer; signature: Buffer }
  /** Whether the phone has sent it the first keys and the history. */
  greeted: boolean
  logins: number
}

export const COUNTERS = [
  'logins',
  'refused_logins',
  'pairings',
  'refused_pairings',
  'messages',
  'refused',
  'repeated_ids',
  'decrypt_failures',
  'usync_queries',
  'unknown_numbers',
  'malformed',
] as const
export type Counter = (typeof COUNTERS)[number]

const FIRST_DEVICE = 12
const FEWEST_PRE_KEYS = 5

export class World {
  readonly store: Store
  readonly authority: Authority
  readonly faults = new Faults()
  readonly tally = new Tally()
  /** Until when, in seconds since 1970, an account may open no new chats. */
  readonly timelocks = new Map<string, number>()
  /** The live connection of each linked account. */
  readonly online = new Map<string, Connection>()
  /** Connections that wait for a phone to scan, by the QR's reference. */
  readonly pairing = new Map<string, Connection>()
  readonly counts = Object.fromEntries(COUNTERS.map((name) => [name, 0])) as Record<Counter, number>
  readonly #phones = new Map<string, Phone>()
  readonly #byLid = new Map<string, string>()

  constructor(store: Store) {
    this.store = store
    this.authority = store.once('server', 'authority', () => ({
      root: Curve.generateKeyPair(),
      intermediate: Curve.generateKeyPair(),
    }))
    for (const [number, { name }] of store.all<{ name: string }>('phones')) this.#add(number, name)
  }

  /** Makes an account, or finds it. */
  addPhone(number: string, name: string): Phone {
    const known = this.#phones.get(number)
    if (known) return known
    this.store.put('phones', number, { name })
    return this.#add(number, name)
  }

  phone(number: string): Phone | undefined {
    return this.#phones.get(number)
  }

  phones(): Iterable<Phone> {
    return this.#phones.values()
  }

  /** The account behind a jid of either form, whatever the device. */
  phoneOf(jid: string): Phone | undefined {
    const user = userOf(jid)
    return this.#phones.get(jid.endsWith('@lid') ? (this.#byLid.get(user) ?? '') : user)
  }

  device(number: string): Device | undefined {
    return this.store.get<Device>('devices', number)
  }

  devices(): Device[] {
    return this.store.all<Device>('devices').map(([, device]) => device)
  }

  keepDevice(device: Device): void {
    this.store.put('devices', device.number, device)
  }

  /** Unlinks an account's device: its keys and queue go with it. */
  unlink(number: string): void {
    this.store.drop('devices', number)
    for (const scope of [`device-pre-keys ${number}`, `queue ${number}`]) {
      for (const [key] of this.store.all(scope)) this.store.drop(scope, key)
    }
  }

  nextDevice(number: string): number {
    const next = this.store.get<number>('next-device', number) ?? FIRST_DEVICE
    this.store.put('next-device', number, next + 1)
    return next
  }

  /** The keys to begin a session with a linked device; its one-time key is used up. */
  takeBundle(device: Device): PreKeyBundle {
    const scope = `device-pre-keys ${device.number}`
    const [found] = this.store.all<Buffer>(scope)
    if (!found) throw new Error('the device has no pre-keys left')
    this.store.drop(scope, found[0])
    if (this.store.all(scope).length < FEWEST_PRE_KEYS) this.online.get(device.number)?.send(preKeysLow(FEWEST_PRE_KEYS))
    return {
      registrationId: device.registrationId,
      identityKey: generateSignalPubKey(device.identity),
      signedPreKey: {
        keyId: device.signedPreKey.id,
        publicKey: generateSignalPubKey(device.signedPreKey.value),
        signature: device.signedPreKey.signature,
      },
      preKey: { keyId: Number(found[0]), publicKey: generateSignalPubKey(found[1]) },
    }
  }

  #add(number: string, name: string): Phone {
    const phone = new Phone(number, name, this.store)
    this.#phones.set(number, phone)
    this.#byLid.set(lidOf(number), number)
    return phone
  }
}

/** Asks a device for more one-time keys. */
function preKeysLow(left: number): BinaryNode {
  const attrs = { from: S_WHATSAPP_NET, type: 'encrypt', id: `low-${Date.now()}`, t: now() }
  return node('notification', attrs, [node('count', { value: String(left) })])
}

export function addressOf(device: Device): Address {
  return { number: device.number, device: device.device }
}

/** The user part of a jid: `5511…:12@s.whatsapp.net` → `5511…`. */
export function userOf(jid: string): string {
  return jid.split('@')[0]!.split(':')[0]!
}

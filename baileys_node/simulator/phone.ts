/**
 * A phone: the primary device of one WhatsApp account. It decrypts and encrypts with libsignal, shows what it got,
 * and recognises a message it has already shown by the sender and the id.
 */

import { createHash } from 'node:crypto'
import {
  type BinaryNode,
  Curve,
  encodeBigEndian,
  encodeWAMessage,
  generateSignalPubKey,
  KEY_BUNDLE_TYPE,
  type KeyPair,
  proto,
  type SignedKeyPair,
  signedKeyPair,
  unpadRandomMax16,
  writeRandomPadMax16,
} from '@whiskeysockets/baileys'
import * as libsignal from 'libsignal'
import { node } from './stanzas.ts'
import type { Store } from './store.ts'

const LID_DIGITS = 14
const SIGNED_PRE_KEY_ID = 1

export interface Shown {
  id: string
  from: string
  text: string
  at_ms: number
  type: string
  times_seen: number
}

/** How the phone behaves; all of it can be changed while it runs. */
export interface Behaviour {
  /** Whether it is online: offline, messages wait for it at the server. */
  delivers: boolean
  /** Whether its owner reads what arrives. */
  reads: boolean
  /** How many of the next messages it claims not to be able to decrypt. */
  asks_retry: number
  /** Whether its account still links devices without a passkey. */
  passkey: boolean
}

interface Keys {
  identity: KeyPair
  registrationId: number
  signedPreKey: SignedKeyPair
}

/** The Signal address of a linked device. */
export interface Address {
  number: string
  device: number
}

export class Phone {
  readonly number: string
  readonly lid: string
  readonly name: string
  readonly behaviour: Behaviour
  readonly #store: Store
  #made: Keys | undefined

  constructor(number: string, name: string, store: Store) {
    this.number = number
    this.name = name
    this.#store = store
    this.lid = `${lidOf(number)}@lid`
    this.behaviour = store.once('behaviour', number, () => ({
      delivers: true,
      reads: false,
      asks_retry: 0,
      passkey: false,
    }))
  }

  get jid(): string {
    return `${this.number}@s.whatsapp.net`
  }

  /** Made on first use: most phones of a big list never hear anything. */
  get #keys(): Keys {
    this.#made ??= this.#store.once('phone-keys', this.number, makeKeys)
    return this.#made
  }

  get identity(): KeyPair {
    return this.#keys.identity
  }

  behave(change: Partial<Behaviour>): void {
    Object.assign(this.behaviour, change)
    this.#store.put('behaviour', this.number, this.behaviour)
  }

  /** What others need to begin a Signal session with this phone; the one-time key is used up by asking. */
  bundle(jid: string): BinaryNode {
    const { identity, registrationId, signedPreKey } = this.#keys
    const id = this.#store.once('next-pre-key', this.number, () => 1)
    const pair = Curve.generateKeyPair()
    this.#store.together(() => {
      this.#store.put('next-pre-key', this.number, id + 1)
      this.#store.put(`pre-keys ${this.number}`, String(id), pair)
    })
    return node('user', { jid }, [
      node('registration', {}, encodeBigEndian(registrationId)),
      node('type', {}, Buffer.from(KEY_BUNDLE_TYPE)),
      node('identity', {}, identity.public),
      node('skey', {}, [
        node('id', {}, encodeBigEndian(signedPreKey.keyId, 3)),
        node('value', {}, signedPreKey.keyPair.public),
        node('signature', {}, signedPreKey.signature),
      ]),
      node('key', {}, [node('id', {}, encodeBigEndian(id, 3)), node('value', {}, pair.public)]),
    ])
  }

  /** Decrypts what a linked device sent; throws what libsignal throws. */
  async decrypt(from: Address, type: string, ciphertext: Uint8Array): Promise<proto.Message> {
    const cipher = new libsignal.SessionCipher(this.#storage(), addressOf(from))
    const data = Buffer.from(ciphertext)
    const padded = type === 'pkmsg' ? await cipher.decryptPreKeyWhisperMessage(data) : await cipher.decryptWhisperMessage(data)
    return proto.Message.decode(unpadRandomMax16(padded))
  }

  /** Encrypts a message, or its bytes, for a linked device; `bundle` is asked for its keys when there is no session yet. */
  async encrypt(to: Address, message: proto.IMessage | Buffer, bundle: () => PreKeyBundle): Promise<{ type: string; data: Buffer }> {
    const address = addressOf(to)
    const storage = this.#storage()
    const known = await storage.loadSession(address.toString())
    if (!known?.haveOpenSession()) await new libsignal.SessionBuilder(storage, address).initOutgoing(bundle())
    const padded = Buffer.isBuffer(message) ? writeRandomPadMax16(message) : encodeWAMessage(message)
    const { type, body } = await new libsignal.SessionCipher(storage, address).encrypt(padded)
    return { type: type === 3 ? 'pkmsg' : 'msg', data: Buffer.from(body as unknown as Uint8Array) }
  }

  /** Forgets a session, so that the next message is asked for again with new keys. */
  forget(from: Address): void {
    this.#store.drop(`sessions ${this.number}`, addressOf(from).toString())
  }

  /** Shows a message; false when it was shown before. */
  show(from: string, id: string, text: string, type: string): boolean {
    const key = `${from} ${id}`
    const shown = this.#store.get<Shown>(`inbox ${this.number}`, key)
    const entry = shown ?? { id, from, text, at_ms: Date.now(), type, times_seen: 0 }
    this.#store.put(`inbox ${this.number}`, key, { ...entry, times_seen: entry.times_seen + 1 })
    return shown === undefined
  }

  /** What the phone shows, in the order it came. */
  inbox(): Shown[] {
    const entries = this.#store.all<Shown>(`inbox ${this.number}`).map(([, shown]) => shown)
    return entries.sort((a, b) => a.at_ms - b.at_ms)
  }

  /** The keys for a retry receipt: what a sender needs to begin a new session. */
  retryKeys(jid: string): { registration: Buffer; keys: BinaryNode } {
    const content = this.bundle(jid).content as BinaryNode[]
    const keys = content.filter(({ tag }) => tag !== 'registration')
    return { registration: encodeBigEndian(this.#keys.registrationId) as Buffer, keys: node('keys', {}, keys) }
  }

  #storage(): libsignal.SignalStorage {
    const store = this.#store
    const { identity, registrationId, signedPreKey } = this.#keys
    const sessions = `sessions ${this.number}`
    const preKeys = `pre-keys ${this.number}`
    return {
      loadSession: async (id) => {
        const kept = store.get<Uint8Array>(sessions, id)
        return kept && libsignal.SessionRecord.deserialize(kept)
      },
      storeSession: async (id, session) => store.put(sessions, id, session.serialize()),
      isTrustedIdentity: (id, key) => {
        const device = store.get<{ identity: Buffer }>('devices', id.split('.')[0]!)
        return device !== undefined && Buffer.from(generateSignalPubKey(device.identity)).equals(key)
      },
      loadPreKey: async (id) => {
        const pair = store.get<KeyPair>(preKeys, String(id))
        return pair && forLibsignal(pair)
      },
      removePreKey: (id) => store.drop(preKeys, String(id)),
      loadSignedPreKey: () => forLibsignal(signedPreKey.keyPair),
      getOurRegistrationId: () => registrationId,
      getOurIdentity: () => forLibsignal(identity),
    }
  }
}

/** What `SessionBuilder.initOutgoing` takes. */
export interface PreKeyBundle {
  registrationId: number
  identityKey: Uint8Array
  signedPreKey: { keyId: number; publicKey: Uint8Array; signature: Uint8Array }
  preKey: { keyId: number; publicKey: Uint8Array }
}

/** An account's LID: it tells nothing of the number to who does not know the account. */
export function lidOf(number: string): string {
  const digest = createHash('sha256').update(`lid ${number}`).digest().readBigUInt64BE()
  return `1${(digest % 10n ** BigInt(LID_DIGITS)).toString().padStart(LID_DIGITS, '0')}`
}

function makeKeys(): Keys {
  const identity = Curve.generateKeyPair()
  const registrationId = Curve.generateKeyPair().public[0]! * 64 + 1
  return { identity, registrationId, signedPreKey: signedKeyPair(identity, SIGNED_PRE_KEY_ID) }
}

function addressOf({ number, device }: Address): libsignal.ProtocolAddress {
  return new libsignal.ProtocolAddress(number, device)
}

function forLibsignal(pair: KeyPair): { privKey: Buffer; pubKey: Buffer } {
  return { privKey: Buffer.from(pair.private), pubKey: Buffer.from(generateSignalPubKey(pair.public)) }
}

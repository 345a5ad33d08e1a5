/**
 * Linking a device to an account, by QR or by code. The phone signs the device's identity, the server passes it on,
 * and the device's own signature is verified before the account has a new device.
 */

import { randomBytes } from 'node:crypto'
import {
  aesDecryptGCM,
  aesEncryptCTR,
  aesDecryptCTR,
  type BinaryNode,
  Curve,
  derivePairingCodeKey,
  generateSignalPubKey,
  hkdf,
  hmacSign,
  type KeyPair,
  proto,
  S_WHATSAPP_NET,
  WA_ADV_ACCOUNT_SIG_PREFIX,
  WA_ADV_DEVICE_SIG_PREFIX,
} from '@whiskeysockets/baileys'
import * as curve from 'libsignal/src/curve.js'
import type { Connection } from './connection.ts'
import { ProtocolError } from './noise.ts'
import type { Phone } from './phone.ts'
import { bytes, child, node, result } from './stanzas.ts'

const REFS = 6
const FIRST_REF_MS = 60_000
const NEXT_REF_MS = 20_000
const LEEWAY_MS = 5_000
const SIGNATURE_BYTES = 64
const QR_PREFIX = 'https://wa.me/settings/linked_devices#'
const RESTART_REQUIRED = node('stream:error', { code: '515' })

export class Refused extends Error {}

interface Candidate {
  phone: Phone
  device: number
  details: Buffer
}

/** What a companion shows when it asks to be linked by code. */
interface CodeRequest {
  phone: string
  wrappedKey: Buffer
  ref: Buffer
  ephemeral: KeyPair | undefined
  companionKey: Buffer | undefined
  /** What becomes of the code the owner typed. */
  typed: PromiseWithResolvers<void> | undefined
}

export class Pairing {
  readonly #connection: Connection
  readonly #registration: proto.ClientPayload.IDevicePairingRegistrationData
  readonly #refs = Array.from({ length: REFS }, () => randomBytes(16).toString('base64url'))
  readonly #startedAt = Date.now()
  #candidate: Candidate | undefined
  #code: CodeRequest | undefined

  constructor(connection: Connection, payload: proto.ClientPayload) {
    this.#connection = connection
    this.#registration = payload.devicePairingData ?? {}
    if (this.#identity.length !== 32) throw new ProtocolError('no identity to link')
  }

  /** Gives the client the references its QR codes are made of. */
  offer(): void {
    for (const ref of this.#refs) this.#connection.world.pairing.set(ref, this.#connection)
    const refs = this.#refs.map((ref) => node('ref', {}, Buffer.from(ref)))
    this.#connection.send(
      node('iq', { from: S_WHATSAPP_NET, type: 'set', xmlns: 'md', id: 'pair-1' }, [node('pair-device', {}, refs)]),
    )
  }

  forget(): void {
    this.#code?.typed?.reject(new Refused('the device is gone'))
    for (const ref of this.#refs) this.#connection.world.pairing.delete(ref)
  }

  /** A phone scanned `qr`. Throws Refused when it is not, or no longer, the one on show. */
  scan(phone: Phone, qr: string): void {
    const [ref, noise, identity, secret] = qr.replace(QR_PREFIX, '').split(',')
    if (ref === undefined || !this.#isOnShow(ref)) throw new Refused('this QR is not on show any more')
    if (noise !== this.#connection.noiseKey.toString('base64') || identity !== this.#identity.toString('base64')) {
      throw new Refused('this QR belongs to another device')
    }
    this.#link(phone, Buffer.from(secret ?? '', 'base64'))
  }

  /** Takes what belongs to the pairing; false for anything else. */
  take(stanza: BinaryNode): boolean {
    if (stanza.attrs['type'] === 'result') {
      this.#takeSignature(stanza)
      return true
    }
    const request = child(stanza, 'link_code_companion_reg')
    if (!request) return false
    if (request.attrs['stage'] === 'companion_hello') this.#takeHello(stanza, request)
    else this.#takeFinish(stanza, request)
    return true
  }

  /** The owner types the code that the companion shows; throws Refused when it is another, and may be typed again. */
  async enterCode(phone: Phone, code: string): Promise<void> {
    const request = this.#code
    if (!request || request.phone !== phone.number) throw new Refused('nobody asked to link this phone')
    const [salt, iv] = [request.wrappedKey.subarray(0, 32), request.wrappedKey.subarray(32, 48)]
    const theirs = await derivePairingCodeKey(code.replace('-', ''), salt)
    request.companionKey = aesDecryptCTR(request.wrappedKey.subarray(48), theirs, iv)
    request.ephemeral = Curve.generateKeyPair()
    const [ourSalt, ourIv] = [randomBytes(32), randomBytes(16)]
    const ours = await derivePairingCodeKey(code.replace('-', ''), ourSalt)
    const wrapped = Buffer.concat([ourSalt, ourIv, aesEncryptCTR(request.ephemeral.public, ours, ourIv)])
    this.#connection.send(
      node('notification', { from: S_WHATSAPP_NET, type: 'link_code_companion_reg', id: 'link-1', t: '1' }, [
        node('link_code_companion_reg', { stage: 'primary_hello' }, [
          node('link_code_pairing_ref', {}, request.ref),
          node('primary_identity_pub', {}, phone.identity.public),
          node('link_code_pairing_wrapped_primary_ephemeral_pub', {}, wrapped),
        ]),
      ]),
    )
    request.typed = Promise.withResolvers()
    await request.typed.promise
  }

  isFor(number: string): boolean {
    return this.#code?.phone === number
  }

  get #identity(): Buffer {
    return Buffer.from(this.#registration.eIdent ?? [])
  }

  #isOnShow(ref: string): boolean {
    const index = this.#refs.indexOf(ref)
    const until = FIRST_REF_MS + index * NEXT_REF_MS + LEEWAY_MS
    const since = index === 0 ? 0 : FIRST_REF_MS + (index - 1) * NEXT_REF_MS - LEEWAY_MS
    const age = Date.now() - this.#startedAt
    return index >= 0 && age >= since && age < until
  }

  /** The phone signs the identity for the server to pass on. */
  #link(phone: Phone, secret: Buffer): void {
    const world = this.#connection.world
    if (phone.behaviour.passkey) {
      this.#connection.send(node('notification', { from: S_WHATSAPP_NET, type: 'passkey_prologue_request', id: 'pair-2' }))
      throw new Refused('this account links devices with a passkey only')
    }
    if (secret.length !== 32) throw new Refused('this QR carries no secret')
    const device = world.nextDevice(phone.number)
    const details = Buffer.from(
      proto.ADVDeviceIdentity.encode({ rawId: 1, timestamp: Math.floor(Date.now() / 1000), keyIndex: 1 }).finish(),
    )
    const signed = Buffer.concat([Buffer.from(WA_ADV_ACCOUNT_SIG_PREFIX), details, this.#identity])
    const account = proto.ADVSignedDeviceIdentity.encode({
      details,
      accountSignatureKey: phone.identity.public,
      accountSignature: Curve.sign(phone.identity.private, signed),
    }).finish()
    this.#candidate = { phone, device, details }
    const identity = proto.ADVSignedDeviceIdentityHMAC.encode({ details: account, hmac: hmacSign(account, secret) })
    const lid = phone.lid.replace('@', `:${device}@`)
    this.#connection.send(
      node('iq', { from: S_WHATSAPP_NET, type: 'set', xmlns: 'md', id: 'pair-3' }, [
        node('pair-success', {}, [
          node('device-identity', {}, identity.finish()),
          node('device', { jid: `${phone.number}:${device}@s.whatsapp.net`, lid }),
          node('platform', { name: 'android' }),
        ]),
      ]),
    )
  }

  /** The device proves that it holds the identity it was linked for. */
  #takeSignature(stanza: BinaryNode): void {
    const signature = child(stanza, 'pair-device-sign')
    if (!signature) return
    const candidate = this.#candidate
    const content = bytes(signature, 'device-identity')
    if (!candidate || !content) throw new ProtocolError('a device signature nobody asked for')
    const account = proto.ADVSignedDeviceIdentity.decode(content)
    const signed = Buffer.concat([
      Buffer.from(WA_ADV_DEVICE_SIG_PREFIX),
      candidate.details,
      this.#identity,
      Buffer.from(candidate.phone.identity.public),
    ])
    if (!verifies(this.#identity, signed, account.deviceSignature)) {
      this.#connection.world.counts.refused_pairings += 1
      this.#connection.end(node('failure', { reason: '401' }))
      return
    }
    this.#register(candidate)
    this.#connection.end(RESTART_REQUIRED)
  }

  #register({ phone, device }: Candidate): void {
    const world = this.#connection.world
    const { eRegid, eSkeyId, eSkeyVal, eSkeySig } = this.#registration
    world.unlink(phone.number)
    world.keepDevice({
      number: phone.number,
      device,
      identity: this.#identity,
      noiseKey: this.#connection.noiseKey,
      registrationId: Buffer.from(eRegid ?? [0]).readUIntBE(0, eRegid?.length ?? 1),
      signedPreKey: {
        id: Buffer.from(eSkeyId ?? [0]).readUIntBE(0, eSkeyId?.length ?? 1),
        value: Buffer.from(eSkeyVal ?? []),
        signature: Buffer.from(eSkeySig ?? []),
      },
      greeted: false,
      logins: 0,
    })
    world.counts.pairings += 1
  }

  #takeHello(stanza: BinaryNode, request: BinaryNode): void {
    const wrappedKey = bytes(request, 'link_code_pairing_wrapped_companion_ephemeral_pub')
    const phone = request.attrs['jid']?.split('@')[0] ?? ''
    if (wrappedKey?.length !== 80) throw new ProtocolError('no wrapped key')
    const ref = Buffer.from(this.#refs[0]!)
    this.#code = { phone, wrappedKey, ref, ephemeral: undefined, companionKey: undefined, typed: undefined }
    const reply = node('link_code_companion_reg', {}, [node('link_code_pairing_ref', {}, ref)])
    this.#connection.send(result(stanza, [reply]))
  }

  #takeFinish(stanza: BinaryNode, request: BinaryNode): void {
    const { phone: number, ephemeral, companionKey, typed } = this.#code ?? {}
    const phone = number === undefined ? undefined : this.#connection.world.phone(number)
    const bundle = bytes(request, 'link_code_pairing_wrapped_key_bundle')
    if (!phone || !ephemeral || !companionKey || !bundle) throw new ProtocolError('a finish without a beginning')
    this.#connection.send(result(stanza))
    try {
      this.#link(phone, this.#agreedSecret(phone, Curve.sharedKey(ephemeral.private, companionKey), bundle))
      typed?.resolve()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      typed?.reject(error)
    }
  }

  /** The secret both sides come to when the code typed is the one shown. */
  #agreedSecret(phone: Phone, shared: Uint8Array, bundle: Buffer): Buffer {
    const salt = bundle.subarray(0, 32)
    const key = hkdf(shared, 32, { salt, info: 'link_code_pairing_key_bundle_encryption_key' })
    const opened = this.#open(bundle.subarray(44), Buffer.from(key), bundle.subarray(32, 44))
    const [identity, random] = [opened.subarray(0, 32), opened.subarray(64, 96)]
    if (!identity.equals(this.#identity)) throw new ProtocolError('the code was for another device')
    const secret = Buffer.concat([shared, Curve.sharedKey(phone.identity.private, identity), random])
    return Buffer.from(hkdf(secret, 32, { info: 'adv_secret' }))
  }

  #open(sealed: Buffer, key: Buffer, iv: Buffer): Buffer {
    try {
      return aesDecryptGCM(sealed, key, iv, Buffer.alloc(0))
    } catch {
      throw new Refused('that is not the code on show')
    }
  }
}

/** Really verifies: Baileys' own `Curve.verify` takes every well-formed signature. */
function verifies(key: Buffer, message: Buffer, signature: Uint8Array | null | undefined): boolean {
  if (signature?.length !== SIGNATURE_BYTES) return false
  return curve.verifySignature(generateSignalPubKey(key), message, Buffer.from(signature))
}

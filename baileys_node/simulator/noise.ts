/**
 * The server's end of `Noise_XX_25519_AESGCM_SHA256`, with a certificate chain that holds under a root of its own.
 * Frames are a 3-byte big-endian length and a body; the client's first one comes after an introduction.
 */

import { createHash } from 'node:crypto'
import { aesDecryptGCM, aesEncryptGCM, hkdf, NOISE_MODE, NOISE_WA_HEADER, proto } from '@whiskeysockets/baileys'
import { agree, sign, type KeyPair, type Seed } from './keys.ts'

const NOTHING = Buffer.alloc(0)
const LENGTH_BYTES = 3
const ROUTING_BYTES = 7
const IV_BYTES = 12
const COUNTER_AT = 8
const CERTIFICATE_SECONDS = 10 * 365 * 86_400
const MAX_FRAME_BYTES = 1 << 20

/** What the server proves itself with. */
export interface ServerIdentity {
  root: KeyPair
  key: KeyPair
  chain: Buffer
}

export class NoiseError extends Error {}

export function makeServerIdentity(seed: Seed): ServerIdentity {
  const root = seed.keyPair('noise/root')
  const intermediate = seed.keyPair('noise/intermediate')
  const key = seed.keyPair('noise/server')
  const chain = proto.CertChain.encode({
    intermediate: certificate(root, intermediate.public, 1, 0),
    leaf: certificate(intermediate, key.public, 2, 1),
  }).finish()
  return { root, key, chain: Buffer.from(chain) }
}

function certificate(issuer: KeyPair, key: Buffer, serial: number, issuerSerial: number): proto.CertChain.INoiseCertificate {
  const life = { notBefore: 0, notAfter: Math.floor(Date.now() / 1000) + CERTIFICATE_SECONDS }
  const details = proto.CertChain.NoiseCertificate.Details.encode({ serial, issuerSerial, key, ...life }).finish()
  return { details, signature: sign(issuer, details) }
}

/** Cuts the byte stream of a client into frames. Throws NoiseError when it is not one. */
export class FrameReader {
  #bytes = NOTHING
  #introduced = false

  push(data: Buffer): Buffer[] {
    this.#bytes = this.#bytes.length === 0 ? data : Buffer.concat([this.#bytes, data])
    const frames: Buffer[] = []
    if (!this.#introduced && !this.#introduce()) return frames
    while (this.#bytes.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + this.#bytes.readUIntBE(0, LENGTH_BYTES)
      if (end > MAX_FRAME_BYTES) throw new NoiseError('frame too long')
      if (this.#bytes.length < end) break
      frames.push(this.#bytes.subarray(LENGTH_BYTES, end))
      this.#bytes = this.#bytes.subarray(end)
    }
    return frames
  }

  #introduce(): boolean {
    const routed = this.#bytes.subarray(0, 2).toString('latin1') === 'ED'
    if (routed && this.#bytes.length < ROUTING_BYTES) return false
    const start = routed ? ROUTING_BYTES + this.#bytes.readUIntBE(4, LENGTH_BYTES) : 0
    const end = start + NOISE_WA_HEADER.length
    if (this.#bytes.length < end) return false
    if (!this.#bytes.subarray(start, end).equals(NOISE_WA_HEADER)) throw new NoiseError('not a WhatsApp client')
    this.#bytes = this.#bytes.subarray(end)
    this.#introduced = true
    return true
  }
}

/** One handshake, then the transport it ends in. Every failure throws: the connection is then over. */
export class NoiseServer {
  readonly #identity: ServerIdentity
  readonly #ephemeral: KeyPair
  #hash: Buffer = Buffer.from(NOISE_MODE)
  #salt: Buffer = this.#hash
  #key: Buffer = this.#hash
  #counter = 0
  #transport: { read: Cipher; write: Cipher } | null = null

  constructor(identity: ServerIdentity, ephemeral: KeyPair) {
    this.#identity = identity
    this.#ephemeral = ephemeral
    this.#mixHash(NOISE_WA_HEADER)
  }

  get ready(): boolean {
    return this.#transport !== null
  }

  /** Takes `clientHello`; returns the frame with `serverHello`. */
  hello(message: Buffer): Buffer {
    const theirs = proto.HandshakeMessage.decode(message).clientHello?.ephemeral
    if (!theirs) throw new NoiseError('no ephemeral key')
    this.#mixHash(theirs)
    this.#mixHash(this.#ephemeral.public)
    this.#mixKey(agree(this.#ephemeral, theirs))
    const fixed = this.#encrypt(this.#identity.key.public)
    this.#mixKey(agree(this.#identity.key, theirs))
    const payload = this.#encrypt(this.#identity.chain)
    const serverHello = { ephemeral: this.#ephemeral.public, static: fixed, payload }
    return frame(Buffer.from(proto.HandshakeMessage.encode({ serverHello }).finish()))
  }

  /** Takes `clientFinish`; returns the client's static key and what it wants. */
  finish(message: Buffer): { key: Buffer; payload: proto.ClientPayload } {
    const finish = proto.HandshakeMessage.decode(message).clientFinish
    if (!finish?.static || !finish.payload) throw new NoiseError('no clientFinish')
    const key = this.#decrypt(finish.static)
    this.#mixKey(agree(this.#ephemeral, key))
    const payload = proto.ClientPayload.decode(this.#decrypt(finish.payload))
    const [read, write] = this.#derive(NOTHING)
    this.#transport = { read: new Cipher(read), write: new Cipher(write) }
    return { key, payload }
  }

  seal(plaintext: Uint8Array): Buffer {
    if (!this.#transport) throw new NoiseError('no transport yet')
    return frame(this.#transport.write.seal(plaintext, NOTHING))
  }

  open(body: Uint8Array): Buffer {
    if (!this.#transport) throw new NoiseError('no transport yet')
    return this.#transport.read.open(body, NOTHING)
  }

  #encrypt(plaintext: Uint8Array): Buffer {
    const body = aesEncryptGCM(plaintext, this.#key, iv(this.#counter++), this.#hash)
    this.#mixHash(body)
    return body
  }

  #decrypt(body: Uint8Array): Buffer {
    const plaintext = aesDecryptGCM(body, this.#key, iv(this.#counter++), this.#hash)
    this.#mixHash(body)
    return plaintext
  }

  #mixHash(data: Uint8Array): void {
    this.#hash = createHash('sha256').update(this.#hash).update(data).digest()
  }

  #mixKey(secret: Buffer): void {
    ;[this.#salt, this.#key] = this.#derive(secret)
    this.#counter = 0
  }

  #derive(secret: Buffer): [Buffer, Buffer] {
    const bytes = Buffer.from(hkdf(secret, 64, { salt: this.#salt, info: '' }))
    return [bytes.subarray(0, 32), bytes.subarray(32)]
  }
}

/** One direction of the transport: a key and a counter that never repeats. */
class Cipher {
  readonly #key: Buffer
  #counter = 0

  constructor(key: Buffer) {
    this.#key = key
  }

  seal(plaintext: Uint8Array, extra: Buffer): Buffer {
    return aesEncryptGCM(plaintext, this.#key, iv(this.#counter++), extra)
  }

  open(body: Uint8Array, extra: Buffer): Buffer {
    return aesDecryptGCM(body, this.#key, iv(this.#counter++), extra)
  }
}

function iv(counter: number): Buffer {
  const bytes = Buffer.alloc(IV_BYTES)
  bytes.writeUInt32BE(counter, COUNTER_AT)
  return bytes
}

function frame(body: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUIntBE(body.length, 0, LENGTH_BYTES)
  return Buffer.concat([length, body])
}

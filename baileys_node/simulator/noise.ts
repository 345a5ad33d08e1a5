/**
 * The server's side of WhatsApp's Noise handshake (Noise_XX_25519_AESGCM_SHA256) and of its frames.
 * The certificate chain is properly signed under the simulator's own root, which tests put in WhatsApp's place.
 */

import {
  aesDecryptGCM,
  aesEncryptGCM,
  Curve,
  hkdf,
  type KeyPair,
  NOISE_MODE,
  NOISE_WA_HEADER,
  proto,
  sha256,
} from '@whiskeysockets/baileys'

const EMPTY = Buffer.alloc(0)
const INTRO = Buffer.from(NOISE_WA_HEADER)
/** Precedes the intro when the client was given routing information. */
const ROUTED = Buffer.from('ED')
const ROUTED_HEADER_BYTES = 7
const LENGTH_BYTES = 3
const ISSUER_SERIAL = 0

export interface Authority {
  root: KeyPair
  intermediate: KeyPair
}

export class ProtocolError extends Error {}

function nonce(counter: number): Buffer {
  const iv = Buffer.alloc(12)
  iv.writeUInt32BE(counter, 8)
  return iv
}

/** The 3-byte length before every frame. */
export function framed(payload: Uint8Array): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUIntBE(payload.length, 0, LENGTH_BYTES)
  return Buffer.concat([length, payload])
}

export class ServerNoise {
  readonly #authority: Authority
  readonly #ephemeral = Curve.generateKeyPair()
  readonly #static = Curve.generateKeyPair()
  #bytes: Buffer = EMPTY
  #introduced = false
  #hash: Buffer = Buffer.from(NOISE_MODE)
  #salt: Buffer = this.#hash
  #key: Buffer = this.#hash
  #counter = 0
  #keys: { read: Buffer; write: Buffer } | undefined
  #reads = 0
  #writes = 0

  constructor(authority: Authority) {
    this.#authority = authority
    this.#mixHash(INTRO)
  }

  get established(): boolean {
    return this.#keys !== undefined
  }

  /** Adds received bytes; returns the frames that are complete, decrypted once the handshake is over. */
  *take(data: Buffer): Generator<Buffer> {
    this.#bytes = Buffer.concat([this.#bytes, data])
    if (!this.#introduced && !this.#takeIntro()) return
    while (this.#bytes.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + this.#bytes.readUIntBE(0, LENGTH_BYTES)
      if (this.#bytes.length < end) return
      const frame = this.#bytes.subarray(LENGTH_BYTES, end)
      this.#bytes = this.#bytes.subarray(end)
      yield this.#keys ? aesDecryptGCM(frame, this.#keys.read, nonce(this.#reads++), EMPTY) : frame
    }
  }

  /** A frame for the client. */
  seal(payload: Uint8Array): Buffer {
    if (!this.#keys) throw new ProtocolError('the handshake is not over')
    return framed(aesEncryptGCM(payload, this.#keys.write, nonce(this.#writes++), EMPTY))
  }

  /** Answers the client's hello. */
  hello(frame: Uint8Array): Buffer {
    const theirs = proto.HandshakeMessage.decode(frame).clientHello?.ephemeral
    if (theirs?.length !== 32) throw new ProtocolError('no client hello')
    this.#mixHash(theirs)
    this.#mixHash(this.#ephemeral.public)
    this.#mixKey(Curve.sharedKey(this.#ephemeral.private, theirs))
    const ours = this.#encrypt(Buffer.from(this.#static.public))
    this.#mixKey(Curve.sharedKey(this.#static.private, theirs))
    const payload = this.#encrypt(this.#certificates())
    const serverHello = { ephemeral: this.#ephemeral.public, static: ours, payload }
    return framed(proto.HandshakeMessage.encode({ serverHello }).finish())
  }

  /** Takes the client's finish; returns who it is and what it wants. From here on frames are encrypted. */
  finish(frame: Uint8Array): { noiseKey: Buffer; payload: proto.ClientPayload } {
    const finish = proto.HandshakeMessage.decode(frame).clientFinish
    if (!finish?.static || !finish.payload) throw new ProtocolError('no client finish')
    const noiseKey = this.#decrypt(Buffer.from(finish.static))
    this.#mixKey(Curve.sharedKey(this.#ephemeral.private, noiseKey))
    const payload = proto.ClientPayload.decode(this.#decrypt(Buffer.from(finish.payload)))
    const [read, write] = this.#expand(EMPTY)
    this.#keys = { read, write }
    return { noiseKey, payload }
  }

  #takeIntro(): boolean {
    let at = 0
    if (this.#bytes.subarray(0, ROUTED.length).equals(ROUTED)) {
      if (this.#bytes.length < ROUTED_HEADER_BYTES) return false
      at = ROUTED_HEADER_BYTES + this.#bytes.readUIntBE(4, 3)
    }
    if (this.#bytes.length < at + INTRO.length) return false
    if (!this.#bytes.subarray(at, at + INTRO.length).equals(INTRO)) throw new ProtocolError('not a WhatsApp client')
    this.#bytes = this.#bytes.subarray(at + INTRO.length)
    this.#introduced = true
    return true
  }

  #certificates(): Buffer {
    const { root, intermediate } = this.#authority
    const { Details } = proto.CertChain.NoiseCertificate
    const between = Details.encode({ serial: 1, issuerSerial: ISSUER_SERIAL, key: intermediate.public }).finish()
    const leaf = Details.encode({ serial: 2, issuerSerial: 1, key: this.#static.public }).finish()
    return Buffer.from(
      proto.CertChain.encode({
        intermediate: { details: between, signature: Curve.sign(root.private, between) },
        leaf: { details: leaf, signature: Curve.sign(intermediate.private, leaf) },
      }).finish(),
    )
  }

  #encrypt(plain: Buffer): Buffer {
    const sealed = aesEncryptGCM(plain, this.#key, nonce(this.#counter++), this.#hash)
    this.#mixHash(sealed)
    return sealed
  }

  #decrypt(sealed: Buffer): Buffer {
    const plain = aesDecryptGCM(sealed, this.#key, nonce(this.#counter++), this.#hash)
    this.#mixHash(sealed)
    return plain
  }

  #mixHash(data: Uint8Array): void {
    this.#hash = sha256(Buffer.concat([this.#hash, data]))
  }

  #mixKey(secret: Uint8Array): void {
    ;[this.#salt, this.#key] = this.#expand(secret)
    this.#counter = 0
  }

  #expand(secret: Uint8Array): [Buffer, Buffer] {
    const out = Buffer.from(hkdf(Buffer.from(secret), 64, { salt: this.#salt, info: '' }))
    return [out.subarray(0, 32), out.subarray(32)]
  }
}

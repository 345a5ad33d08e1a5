/**
 * Frames of the link: a 4-byte big-endian length, then one JSON object in UTF-8. Knows nothing of calls or events.
 * A body that cannot be read costs that frame; only a length that cannot be true means that the frames are lost.
 */

import { ProtocolError } from './errors.ts'
import { wellFormedJson } from './text.ts'

export type Json = Record<string, unknown>

/** A frame set aside: what it was about as far as its first bytes tell, and how long it was. Never its content. */
export class Unreadable {
  readonly bytes: number
  /** The call it made, or the call it answered. */
  readonly about: { id: number } | { re: number } | null

  constructor(body: Buffer) {
    this.bytes = body.length
    this.about = headOf(body)
  }
}

export const HEADER_BYTES = 4
export const MAX_FRAME_BYTES = 4 * 1024 * 1024

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Both sides write it first, so it is found even where the rest is spoilt. */
const HEAD = /^\{\s*"(id|re)"\s*:\s*(\d{1,15})\s*[,}]/
const HEAD_BYTES = 64

/** One frame, ready to be written. Throws ProtocolError when it would be longer than the other side accepts. */
export function encodeFrame(message: Json): Buffer {
  const body = wellFormedJson(JSON.stringify(message))
  const length = Buffer.byteLength(body)
  if (length > MAX_FRAME_BYTES) throw new ProtocolError(`a frame of ${length} bytes is too long to send`)
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length)
  frame.writeUInt32BE(length)
  frame.write(body, HEADER_BYTES)
  return frame
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Cuts a byte stream into frames, however the bytes arrive. */
export class FrameReader {
  #chunks: Buffer[] = []
  #bytes = 0
  #wanted = HEADER_BYTES
  #inBody = false

  /** The messages completed by `chunk`. Throws ProtocolError on a length that no frame has. */
  push(chunk: Buffer): Array<Json | Unreadable> {
    const messages: Array<Json | Unreadable> = []
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    while (this.#bytes >= this.#wanted) {
      const piece = this.#take(this.#wanted)
      if (this.#inBody) {
        this.#wanted = HEADER_BYTES
        this.#inBody = false
        messages.push(parse(piece))
      } else {
        this.#wanted = bodyLength(piece)
        this.#inBody = true
      }
    }
    return messages
  }

  #take(length: number): Buffer {
    const first = this.#chunks[0]
    const whole = first && first.length >= length ? first : Buffer.concat(this.#chunks, this.#bytes)
    if (whole === first) this.#chunks.shift()
    else this.#chunks = []
    if (whole.length > length) this.#chunks.unshift(whole.subarray(length))
    this.#bytes -= length
    return whole.subarray(0, length)
  }
}

function bodyLength(header: Buffer): number {
  const length = header.readUInt32BE()
  if (length === 0 || length > MAX_FRAME_BYTES) throw new ProtocolError(`a frame of ${length} bytes is not allowed`)
  return length
}

function parse(body: Buffer): Json | Unreadable {
  try {
    const value: unknown = JSON.parse(utf8.decode(body))
    return isObject(value) ? value : new Unreadable(body)
  } catch {
    return new Unreadable(body)
  }
}

function headOf(body: Buffer): { id: number } | { re: number } | null {
  const [, name, number] = HEAD.exec(body.toString('latin1', 0, HEAD_BYTES)) ?? []
  if (name === undefined) return null
  return name === 'id' ? { id: Number(number) } : { re: Number(number) }
}

/**
 * Calls and events over one inherited socket, in both directions, as PROTOCOL.md says.
 * Reading never stops, because replies travel the same way as orders; when the other side lags, the sources
 * behind this link (the WhatsApp sockets) are told to stop instead. A frame that cannot be understood costs itself
 * and, where somebody waits for it, its call; the link goes on.
 */

import type { Duplex } from 'node:stream'
import { describe, OperationError, ProtocolError, RemoteError } from './errors.ts'
import { encodeFrame, FrameReader, isObject, Unreadable, type Json } from './frames.ts'
import type { Logger } from './log.ts'

export interface Call {
  op: string
  tenant: number
  epoch: number
  args: Json
  deadlineMs: number
}

export interface Signal {
  event: string
  tenant: number
  epoch: number
  data: Json
}

export interface LinkHandlers {
  /** Answers a call of the other side; an OperationError becomes its error reply. */
  call(call: Call): Promise<Json>
  event(signal: Signal): void
  /** The other side reads too slowly (true), or has caught up (false). */
  lagging(lagging: boolean): void
}

export const CALL_DEADLINE_MS = 10_000
const MAX_DEADLINE_MS = 600_000
const MAX_CALLS_IN_FLIGHT = 256
const MAX_CALLS_SERVED = 1_024
const LAG_BYTES = 4 * 1024 * 1024

interface Waiting {
  resolve(value: Json): void
  reject(error: Error): void
  timer: NodeJS.Timeout
  sent: boolean
}

export class Link {
  /** Settles when the link is over: with the error that ended it, or null after a plain end of stream. */
  readonly over: Promise<Error | null>

  readonly #stream: Duplex
  readonly #handlers: LinkHandlers
  readonly #log: Logger
  readonly #reader = new FrameReader()
  readonly #waiting = new Map<number, Waiting>()
  readonly #queue: Array<{ id: number; frame: Buffer }> = []
  #end: (error: Error | null) => void = () => {}
  #lastId = 0
  #inFlight = 0
  #serving = 0
  #lagging = false
  #closed = false

  constructor(stream: Duplex, handlers: LinkHandlers, log: Logger) {
    this.#stream = stream
    this.#handlers = handlers
    this.#log = log
    const { promise, resolve } = Promise.withResolvers<Error | null>()
    this.over = promise
    this.#end = resolve
    stream.on('data', (chunk: Buffer) => this.#read(chunk))
    stream.on('drain', () => this.#setLagging(false))
    stream.on('error', (error) => this.#finish(error))
    stream.on('end', () => this.#finish(null))
    stream.on('close', () => this.#finish(null))
  }

  /**
   * Asks the other side, which has `deadlineMs` to answer, and waits `patienceMs` for it.
   * Rejects with RemoteError, or with OperationError `timeout` or `closed`.
   */
  call(
    op: string,
    tenant: number,
    epoch: number,
    args: Json,
    deadlineMs = CALL_DEADLINE_MS,
    patienceMs = deadlineMs,
  ): Promise<Json> {
    if (this.#closed) return Promise.reject(new OperationError('closed', 'the link is over'))
    const id = ++this.#lastId
    let frame: Buffer
    try {
      frame = encodeFrame({ id, op, tenant, epoch, args, deadline_ms: deadlineMs })
    } catch (error) {
      return Promise.reject(error as Error)
    }
    const { promise, resolve, reject } = Promise.withResolvers<Json>()
    const timer = setTimeout(() => this.#settle(id)?.reject(new OperationError('timeout', op)), patienceMs)
    this.#waiting.set(id, { resolve, reject, timer, sent: false })
    this.#queue.push({ id, frame })
    this.#pump()
    return promise
  }

  /** Tells the other side. Never waits and never throws; a link that is over drops it. */
  event(event: string, tenant: number, epoch: number, data: Json): void {
    try {
      this.#write(encodeFrame({ event, tenant, epoch, data }))
    } catch (error) {
      this.#log.error({ ...describe(error), tenant, event }, 'an event cannot be told')
    }
  }

  close(): void {
    this.#stream.end()
    this.#finish(null)
  }

  #read(chunk: Buffer): void {
    if (this.#closed) return
    try {
      for (const message of this.#reader.push(chunk)) this.#route(message)
    } catch (error) {
      this.#finish(error instanceof Error ? error : new ProtocolError('unreadable frame'))
    }
  }

  #route(message: Json | Unreadable): void {
    if (message instanceof Unreadable) this.#setAside('unreadable', message.bytes, message.about)
    else if ('re' in message) this.#reply(message)
    else if ('event' in message) this.#signal(message)
    else if (isCount(message['id'])) void this.#serve(message['id'], message)
    else this.#setAside('nameless', 0, null)
  }

  #reply(message: Json): void {
    const { re, ok, error } = message
    if (!isCount(re) || re > this.#lastId) return this.#setAside('reply to nothing', 0, null)
    if (!isObject(ok) && !isObject(error)) return this.#setAside('empty reply', 0, { re })
    // A call that ran out of time is no longer waited for; its late answer means nothing to anybody.
    const waiting = this.#settle(re)
    if (isObject(ok)) waiting?.resolve(ok)
    else waiting?.reject(remoteError(error as Json))
  }

  #signal(message: Json): void {
    const { event, tenant, epoch, data } = message
    if (typeof event !== 'string' || !isInteger(tenant) || !isCount(epoch) || !isObject(data)) {
      return this.#setAside('malformed event', 0, null)
    }
    try {
      this.#handlers.event({ event, tenant, epoch, data })
    } catch (error) {
      this.#log.error({ ...describe(error), event }, 'an event was not handled')
    }
  }

  /** The frame is lost, and nobody may wait for it in vain. */
  #setAside(kind: string, bytes: number, about: Unreadable['about']): void {
    this.#log.error({ kind, bytes }, 'a frame of the link was set aside')
    if (!about) return
    if ('id' in about) this.#refuse(about.id, 'bad_request', 'the call cannot be read')
    else this.#settle(about.re)?.reject(new OperationError('internal', 'the reply cannot be read'))
  }

  async #serve(id: number, message: Json): Promise<void> {
    if (this.#serving >= MAX_CALLS_SERVED) return this.#refuse(id, 'busy', 'too many calls at once')
    this.#serving += 1
    try {
      this.#write(encodeFrame({ re: id, ok: await this.#handlers.call(readCall(message)) }))
    } catch (error) {
      if (error instanceof OperationError) return this.#refuse(id, error.code, error.message)
      this.#log.error(describe(error), 'a call failed unexpectedly')
      this.#refuse(id, 'internal', describe(error).error)
    } finally {
      this.#serving -= 1
    }
  }

  #refuse(id: number, code: string, detail: string): void {
    this.#write(encodeFrame({ re: id, error: { code, detail } }))
  }

  #pump(): void {
    while (this.#inFlight < MAX_CALLS_IN_FLIGHT) {
      const next = this.#queue.shift()
      if (!next) return
      const waiting = this.#waiting.get(next.id)
      if (!waiting) continue
      waiting.sent = true
      this.#inFlight += 1
      this.#write(next.frame)
    }
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    if (!waiting) return undefined
    clearTimeout(waiting.timer)
    this.#waiting.delete(id)
    if (waiting.sent) this.#inFlight -= 1
    this.#pump()
    return waiting
  }

  #write(frame: Buffer): void {
    if (this.#closed) return
    this.#stream.write(frame)
    if (this.#stream.writableLength > LAG_BYTES) this.#setLagging(true)
  }

  #setLagging(lagging: boolean): void {
    if (this.#lagging === lagging) return
    this.#lagging = lagging
    this.#handlers.lagging(lagging)
  }

  #finish(error: Error | null): void {
    if (this.#closed) return
    this.#closed = true
    this.#queue.length = 0
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(new OperationError('closed', 'the link is over'))
    if (error) this.#stream.destroy()
    this.#end(error)
  }
}

function readCall(message: Json): Call {
  const { op, tenant, epoch, args, deadline_ms: deadlineMs } = message
  if (typeof op !== 'string' || !isInteger(tenant) || !isCount(epoch) || !isObject(args)) {
    throw new OperationError('bad_request', 'a call needs op, tenant, epoch and args')
  }
  if (!isCount(deadlineMs) || deadlineMs > MAX_DEADLINE_MS) {
    throw new OperationError('bad_request', `deadline_ms must be between 1 and ${MAX_DEADLINE_MS}`)
  }
  return { op, tenant, epoch, args, deadlineMs }
}

function remoteError(error: Json): RemoteError {
  return new RemoteError(String(error['code'] ?? 'internal'), String(error['detail'] ?? ''))
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}

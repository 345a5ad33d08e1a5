/** The worker's sessions and the orders Python gives them. One tenant's orders to open and close come one by one. */

import { describe, OperationError } from './errors.ts'
import type { Config } from './config.ts'
import type { Json } from './frames.ts'
import { Link, type Call, type LinkHandlers, type Signal } from './link.ts'
import type { Logger } from './log.ts'
import { readCandidates, readClose, readOpen, readPhone, readSend } from './orders.ts'
import { Session } from './session.ts'
import type { Timing } from './silence.ts'

const DRAIN_MS = 5_000
const UNOPENED: Json = { code: 'storage', reason: 'not_opened', logged_out: false, wait_s: null }

type Operation = (call: Call) => Promise<Json>

export class Worker implements LinkHandlers {
  readonly #config: Pick<Config, 'server' | 'version'>
  readonly #log: Logger
  readonly #timing: Timing | undefined
  readonly #sessions = new Map<number, Session>()
  readonly #turns = new Map<number, Promise<unknown>>()
  readonly #operations: Record<string, Operation> = {
    open: (call) => this.#opening(call),
    close: (call) => this.#close(call),
    pair_by_code: async (call) => ({ code: await this.#session(call).pairByCode(readPhone(call.args)) }),
    check_number: async (call) => ({
      ...(await this.#session(call).checkNumber(readCandidates(call.args), call.deadlineMs)),
    }),
    send: async (call) => ({ ...(await this.#session(call).send(readSend(call.args), call.deadlineMs)) }),
    stats: () => Promise.resolve(this.#stats()),
    ping: () => Promise.resolve({}),
  }
  #link: Link | null = null
  #sockets = 0
  #stopping = false

  constructor(config: Pick<Config, 'server' | 'version'>, log: Logger, timing?: Timing) {
    this.#config = config
    this.#log = log
    this.#timing = timing
  }

  attach(link: Link): void {
    this.#link = link
  }

  call(call: Call): Promise<Json> {
    const operation = Object.hasOwn(this.#operations, call.op) ? this.#operations[call.op] : undefined
    if (!operation) throw new OperationError('bad_request', 'unknown op')
    // A send keeps its own deadline: it alone knows whether something was written.
    return call.op === 'send' ? operation(call) : withDeadline(operation(call), call.deadlineMs)
  }

  event({ event, tenant, epoch }: Signal): void {
    const session = this.#sessions.get(tenant)
    if (session?.epoch !== epoch) return
    if (event === 'pause' || event === 'resume') session.pause('python', event === 'pause')
  }

  lagging(lagging: boolean): void {
    this.#log.warn({ lagging }, lagging ? 'the link lags: reading from WhatsApp stops' : 'the link has caught up')
    for (const session of this.#sessions.values()) session.pause('link', lagging)
  }

  /** Stops sends, waits (bounded) for the acks on their way, saves and ends every session. */
  async shutdown(): Promise<void> {
    this.#stopping = true
    const sessions = [...this.#sessions.values()]
    const timer = AbortSignal.timeout(DRAIN_MS)
    const late = new Promise((resolve) => timer.addEventListener('abort', resolve))
    await Promise.race([Promise.all(sessions.map((session) => session.drain())), late])
    await Promise.allSettled(sessions.map((session) => session.close(false)))
  }

  #open(call: Call): Promise<Json> {
    return this.#inTurn(call.tenant, async () => {
      const creds = readOpen(call.args)
      const older = this.#sessions.get(call.tenant)
      if (older && older.epoch > call.epoch) throw new OperationError('stale_epoch', 'a newer owner has this session')
      // An older owner's last words are nobody's loss; our own are.
      await older?.close(false).catch((error: unknown) => {
        if (older.epoch === call.epoch) throw error
      })
      if (this.#stopping) throw new OperationError('closed', 'the worker is stopping')
      this.#start(call, creds)
      return {}
    })
  }

  /** Nobody waits in vain: an `open` that made no session, or none that is still heard of, is told as closed. */
  #opening(call: Call): Promise<Json> {
    return this.#open(call).catch((error: unknown) => {
      const stale = error instanceof OperationError && error.code === 'stale_epoch'
      if (!stale) this.#link?.event('closed', call.tenant, call.epoch, UNOPENED)
      throw error
    })
  }

  #start({ tenant, epoch }: Call, creds: string | null): void {
    if (!this.#link) throw new OperationError('closed', 'no link')
    const options = { tenant, epoch, creds, link: this.#link, config: this.#config, log: this.#log }
    const session = new Session(this.#timing ? { ...options, timing: this.#timing } : options)
    this.#sockets += 1
    this.#sessions.set(tenant, session)
    void session.over.then(() => {
      if (this.#sessions.get(tenant) === session) this.#sessions.delete(tenant)
    })
  }

  #close(call: Call): Promise<Json> {
    const logout = readClose(call.args)
    return this.#inTurn(call.tenant, async () => {
      await this.#session(call).close(logout)
      return {}
    })
  }

  #session({ tenant, epoch }: Call): Session {
    const session = this.#sessions.get(tenant)
    if (!session) throw new OperationError('no_session', 'this tenant has no session here')
    if (session.epoch !== epoch) throw new OperationError('stale_epoch', 'the session belongs to another epoch')
    return session
  }

  #inTurn<T>(tenant: number, work: () => Promise<T>): Promise<T> {
    const run = (this.#turns.get(tenant) ?? Promise.resolve()).then(work)
    const turn = run.catch(() => {}).then(() => {
      if (this.#turns.get(tenant) === turn) this.#turns.delete(tenant)
    })
    this.#turns.set(tenant, turn)
    return run
  }

  #stats(): Json {
    const { rss, heapUsed } = process.memoryUsage()
    return { rss_bytes: rss, heap_bytes: heapUsed, sessions: this.#sessions.size, reconnects: this.#sockets }
  }
}

async function withDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new OperationError('timeout', 'the deadline passed')), deadlineMs)
  try {
    return await Promise.race([work, promise])
  } catch (error) {
    if (error instanceof OperationError) throw error
    throw new OperationError('internal', describe(error).error)
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}

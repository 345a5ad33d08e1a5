/** The other end of the link, in this process: a store in memory instead of Python and PostgreSQL, and what was told. */

import '../src/quiet.ts'
import { duplexPair } from 'node:stream'
import { pino } from 'pino'
import { OperationError } from '../src/errors.ts'
import type { Json } from '../src/frames.ts'
import { Link, type Call, type LinkHandlers, type Signal } from '../src/link.ts'
import type { Timing } from '../src/silence.ts'
import { Worker } from '../src/worker.ts'
import type { Config } from '../src/config.ts'
import { Watch } from './watch.ts'

export const PATIENCE_MS = 30_000
export const silent = pino({ level: 'silent' })

export class Host implements LinkHandlers {
  readonly told: Signal[] = []
  readonly asked: Call[] = []
  /** `type/id` → value, as Python would store it. */
  readonly keys = new Map<string, string>()
  readonly texts = new Map<string, string>()
  readonly incoming: Json[] = []
  /** Everything kept and told, in order: proves what was durable before what. */
  readonly sequence: string[] = []
  creds: string | null = null
  /** Makes an answer fail: the error code, by op. */
  readonly failing = new Map<string, string>()
  /** Makes an answer wait for something, by op. */
  readonly waiting = new Map<string, Promise<unknown>>()
  readonly link: Link
  readonly worker: Worker
  readonly #watch = new Watch()
  #tenant = 1
  #epoch = 1

  constructor(config: Pick<Config, 'server' | 'version'>, timing?: Timing) {
    const [ours, theirs] = duplexPair()
    this.worker = new Worker(config, silent, timing)
    this.worker.attach(new Link(theirs, this.worker, silent))
    this.link = new Link(ours, this, silent)
  }

  as(tenant: number, epoch: number): this {
    this.#tenant = tenant
    this.#epoch = epoch
    return this
  }

  ask(op: string, args: Json, deadlineMs = PATIENCE_MS): Promise<Json> {
    return this.link.call(op, this.#tenant, this.#epoch, args, deadlineMs, deadlineMs + PATIENCE_MS)
  }

  /** The `nth` event of this name since the beginning. */
  heard(name: string, nth = 1): Promise<Json> {
    return this.#watch.until(`event ${name}`, () => this.told.filter(({ event }) => event === name)[nth - 1]?.data)
  }

  until<T>(what: string, produce: () => T | undefined): Promise<T> {
    return this.#watch.until(what, produce)
  }

  async call(call: Call): Promise<Json> {
    this.asked.push(call)
    this.sequence.push(call.op)
    queueMicrotask(() => this.#watch.changed())
    await this.waiting.get(call.op)
    const failure = this.failing.get(call.op)
    if (failure) throw new OperationError(failure as 'internal', 'made to fail')
    const answer = this.#answer(call)
    this.#watch.changed()
    return answer
  }

  event(signal: Signal): void {
    this.told.push(signal)
    this.sequence.push(signal.event)
    this.#watch.changed()
  }

  lagging(): void {}

  #answer({ op, args }: Call): Json {
    if (op === 'keys_get') return { values: this.#read(args['type'] as string, args['ids'] as string[]) }
    if (op === 'keys_set') this.#write(args['entries'] as Record<string, Record<string, string | null>>)
    if (op === 'creds_set') this.creds = args['creds'] as string
    if (op === 'incoming') this.incoming.push(args)
    return op === 'message_text' ? { text: this.texts.get(args['message_id'] as string) ?? null } : {}
  }

  #read(type: string, ids: string[]): Json {
    return Object.fromEntries(ids.flatMap((id) => (this.keys.has(`${type}/${id}`) ? [[id, this.keys.get(`${type}/${id}`)]] : [])))
  }

  #write(entries: Record<string, Record<string, string | null>>): void {
    for (const [type, values] of Object.entries(entries)) {
      for (const [id, value] of Object.entries(values)) {
        if (value === null) this.keys.delete(`${type}/${id}`)
        else this.keys.set(`${type}/${id}`, value)
      }
    }
  }
}

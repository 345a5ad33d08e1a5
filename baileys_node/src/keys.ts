/**
 * The Signal keys of one socket life, written through to Python: one `set` is one durable transaction, awaited.
 * A small cache serves reads, since this socket is the only writer of its epoch. Any failed read or write ends the
 * session (`onFailure`): Baileys takes an unreadable key for an absent one.
 */

import {
  BufferJSON,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
} from '@whiskeysockets/baileys'
import { OperationError } from './errors.ts'
import { isObject, type Json } from './frames.ts'
import { hashed } from './text.ts'

export type Ask = (op: string, args: Json) => Promise<Json>
type KeyType = keyof SignalDataTypeMap
type Entries = Record<string, Record<string, string | null>>

const CACHED_VALUES = 400
/** One call of each stays far below the longest frame; a set longer than this is several transactions, in order. */
const MAX_CALL_CHARS = 1024 * 1024
const MAX_CALL_IDS = 2_000
/** A stranger names the group of a sender key: its id can be anything, and Python keeps 200 printable characters. */
const STORABLE_ID = /^[\x20-\x7e]{1,200}$/
/** 812 of these come at pairing, each used once. */
const NOT_CACHED: KeyType = 'pre-key'

export class KeyStore implements SignalKeyStore {
  readonly #ask: Ask
  readonly #onFailure: (error: unknown) => void
  readonly #cache = new Map<string, string | null>()
  #lastSet: Promise<unknown> = Promise.resolve()
  #sets = 0
  #closed = false

  constructor(ask: Ask, onFailure: (error: unknown) => void) {
    this.#ask = ask
    this.#onFailure = onFailure
  }

  async get<T extends KeyType>(type: T, ids: string[]): Promise<{ [id: string]: SignalDataTypeMap[T] }> {
    this.#refuseWhenClosed()
    const found: { [id: string]: SignalDataTypeMap[T] } = {}
    const stored = await this.#stored(type, ids)
    await this.#guard(async () => {
      for (const [id, value] of stored) {
        if (value !== null) found[id] = revive(type, value) as SignalDataTypeMap[T]
      }
    })
    return found
  }

  /** Resolves when the whole set is durable. Sets are written in the order they were asked for. */
  set(data: SignalDataSet): Promise<void> {
    this.#refuseWhenClosed()
    const entries = serialise(data)
    const write = this.#lastSet.then(() => this.#write(entries))
    this.#lastSet = write.catch(() => {})
    return write
  }

  /** Resolves when no write is under way. */
  async idle(): Promise<void> {
    await this.#lastSet
  }

  close(): void {
    this.#closed = true
    this.#cache.clear()
  }

  async #stored(type: KeyType, ids: string[]): Promise<Map<string, string | null>> {
    const values = new Map<string, string | null>()
    const missing: string[] = []
    for (const id of new Set(ids)) {
      const cached = this.#cache.get(`${type}/${id}`)
      if (cached === undefined) missing.push(id)
      else values.set(id, cached)
    }
    if (missing.length === 0) return values
    const setsBefore = this.#sets
    const read = await this.#read(type, missing)
    for (const id of missing) {
      const value = read.get(id) ?? null
      values.set(id, value)
      // A write that began meanwhile may have made this answer old.
      if (setsBefore === this.#sets) this.#remember(type, id, value, missing.length)
    }
    return values
  }

  async #read(type: KeyType, ids: string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (let at = 0; at < ids.length; at += MAX_CALL_IDS) {
      await this.#guard(() => this.#readSome(type, ids.slice(at, at + MAX_CALL_IDS), found))
    }
    return found
  }

  async #readSome(type: KeyType, ids: string[], found: Map<string, string>): Promise<void> {
    const { values } = await this.#ask('keys_get', { type, ids: ids.map(storable) })
    if (!isObject(values)) throw new OperationError('internal', 'keys_get sent no values')
    for (const id of ids) {
      const name = storable(id)
      if (!Object.hasOwn(values, name)) continue
      const value = values[name]
      // Anything else, taken for absent, would be replaced by something new.
      if (typeof value !== 'string') throw new OperationError('internal', 'keys_get sent a value that is none')
      found.set(id, value)
    }
  }

  async #write(entries: Entries): Promise<void> {
    this.#refuseWhenClosed()
    this.#sets += 1
    for (const some of inCalls(entries)) await this.#guard(() => this.#ask('keys_set', { entries: some }))
    this.#sets += 1
    for (const [type, byId] of Object.entries(entries)) {
      const values = Object.entries(byId)
      for (const [id, value] of values) this.#remember(type, id, value, values.length)
    }
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      this.#onFailure(error)
      throw error
    }
  }

  /** Of a crowd, which would only push each other out, nothing is remembered, and nothing older either. */
  #remember(type: string, id: string, value: string | null, crowd: number): void {
    if (type === NOT_CACHED) return
    const key = `${type}/${id}`
    this.#cache.delete(key)
    if (crowd > CACHED_VALUES) return
    this.#cache.set(key, value)
    if (this.#cache.size > CACHED_VALUES) this.#cache.delete(this.#cache.keys().next().value as string)
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new OperationError('closed', 'the session is over')
  }
}

function serialise(data: SignalDataSet): Entries {
  const entries: Entries = {}
  for (const [type, byId] of Object.entries(data)) {
    const values: Record<string, string | null> = {}
    for (const [id, value] of Object.entries(byId)) {
      values[id] = value == null ? null : JSON.stringify(value, BufferJSON.replacer)
    }
    entries[type] = values
  }
  return entries
}

/** The id a key is stored under. */
function storable(id: string): string {
  return STORABLE_ID.test(id) ? id : hashed(id)
}

/** The entries under their stored ids, in as many calls as their length needs; nearly always one. */
function* inCalls(entries: Entries): Generator<Entries> {
  let call: Entries = {}
  let chars = 0
  for (const [type, byId] of Object.entries(entries)) {
    for (const [id, value] of Object.entries(byId)) {
      const length = id.length + (value?.length ?? 0)
      if (chars > 0 && chars + length > MAX_CALL_CHARS) {
        yield call
        call = {}
        chars = 0
      }
      chars += length
      ;(call[type] ??= {})[storable(id)] = value
    }
  }
  if (Object.keys(call).length > 0) yield call
}

function revive(type: KeyType, stored: string): unknown {
  const value: unknown = JSON.parse(stored, BufferJSON.reviver)
  if (type !== 'app-state-sync-key') return value
  return proto.Message.AppStateSyncKeyData.fromObject(value as object)
}

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

export type Ask = (op: string, args: Json) => Promise<Json>
type KeyType = keyof SignalDataTypeMap
type Entries = Record<string, Record<string, string | null>>

const CACHED_VALUES = 400
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
    for (const [id, value] of stored) {
      if (value !== null) found[id] = revive(type, value) as SignalDataTypeMap[T]
    }
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
    for (const id of ids) {
      const cached = this.#cache.get(`${type}/${id}`)
      if (cached === undefined) missing.push(id)
      else values.set(id, cached)
    }
    if (missing.length === 0) return values
    const setsBefore = this.#sets
    const read = await this.#read(type, missing)
    for (const id of missing) {
      const value = read[id] ?? null
      values.set(id, value)
      // A write that began meanwhile may have made this answer old.
      if (setsBefore === this.#sets) this.#remember(type, id, value)
    }
    return values
  }

  async #read(type: KeyType, ids: string[]): Promise<Record<string, string>> {
    const { values } = await this.#guard(() => this.#ask('keys_get', { type, ids }))
    if (!isObject(values)) return this.#guard(() => Promise.reject(new OperationError('internal', 'keys_get sent no values')))
    return values as Record<string, string>
  }

  async #write(entries: Entries): Promise<void> {
    this.#refuseWhenClosed()
    this.#sets += 1
    await this.#guard(() => this.#ask('keys_set', { entries }))
    this.#sets += 1
    for (const [type, byId] of Object.entries(entries)) {
      for (const [id, value] of Object.entries(byId)) this.#remember(type, id, value)
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

  #remember(type: string, id: string, value: string | null): void {
    if (type === NOT_CACHED) return
    const key = `${type}/${id}`
    this.#cache.delete(key)
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

function revive(type: KeyType, stored: string): unknown {
  const value: unknown = JSON.parse(stored, BufferJSON.reviver)
  if (type !== 'app-state-sync-key') return value
  return proto.Message.AppStateSyncKeyData.fromObject(value as object)
}

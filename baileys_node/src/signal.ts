/**
 * The Signal repository given to Baileys: its own one, with the two orders turned round that a crash would punish.
 * A ratchet step is durable before the ciphertext leaves, so no message key is used twice; an incoming text is
 * persisted before its keys are committed and before the receipt, so what WhatsApp forgets is ours already.
 */

import { AsyncLocalStorage } from 'node:async_hooks'
import {
  DEFAULT_CONNECTION_CONFIG,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
  type SocketConfig,
} from '@whiskeysockets/baileys'
import type { KeyStore } from './keys.ts'

type RepositoryFactory = SocketConfig['makeSignalRepository']

export interface SignalHooks {
  /** Called with each ciphertext made and durable, before it can leave; throwing holds it back. */
  sealed(): void
  /** Called with each decrypted message; its keys are committed only once this resolves. */
  opened(ciphertext: Uint8Array, plaintext: Uint8Array): Promise<void>
}

export function makeRepository(store: KeyStore, hooks: SignalHooks): RepositoryFactory {
  return (auth, logger, pnToLid) => {
    const keys = new StagedKeys(store)
    const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds: auth.creds, keys }, logger, pnToLid)
    // One ratchet step at a time in a session: Baileys lets a reply and a send to the same contact overlap.
    const alone = mutex()
    return {
      ...repository,
      encryptMessage: (options) =>
        alone(async () => {
          const ciphertext = await repository.encryptMessage(options)
          hooks.sealed()
          return ciphertext
        }),
      decryptMessage: (options) =>
        alone(() =>
          keys.staged(async () => {
            const plaintext = await repository.decryptMessage(options)
            await hooks.opened(options.ciphertext, plaintext)
            return plaintext
          }),
        ),
      injectE2ESession: (options) => alone(() => repository.injectE2ESession(options)),
      migrateSession: (from, to) => alone(() => repository.migrateSession(from, to)),
      deleteSession: (jids) => alone(() => repository.deleteSession(jids)),
    }
  }
}

/**
 * Keys without Baileys' transactions, whose writes become durable only after the frame they belong to has left.
 * Inside `staged`, writes wait and are committed as one set.
 */
class StagedKeys implements SignalKeyStore {
  readonly #store: KeyStore
  readonly #stage = new AsyncLocalStorage<SignalDataSet>()

  constructor(store: KeyStore) {
    this.#store = store
  }

  async staged<T>(work: () => Promise<T>): Promise<T> {
    const stage: SignalDataSet = {}
    const result = await this.#stage.run(stage, work)
    if (Object.keys(stage).length > 0) await this.#store.set(stage)
    return result
  }

  async get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]): Promise<{ [id: string]: SignalDataTypeMap[T] }> {
    const staged: { [id: string]: SignalDataTypeMap[T] | null } = this.#stage.getStore()?.[type] ?? {}
    const missing = ids.filter((id) => !Object.hasOwn(staged, id))
    const found = missing.length > 0 ? await this.#store.get(type, missing) : {}
    for (const id of ids) {
      const value = Object.hasOwn(staged, id) ? staged[id] : null
      if (value) found[id] = value
    }
    return found
  }

  async set(data: SignalDataSet): Promise<void> {
    const stage = this.#stage.getStore()
    if (!stage) return this.#store.set(data)
    for (const type of Object.keys(data) as Array<keyof SignalDataTypeMap>) {
      Object.assign((stage[type] ??= {}), data[type])
    }
  }

  isInTransaction(): boolean {
    return this.#stage.getStore() !== undefined
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    return work()
  }
}

function mutex(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const run = last.then(work)
    last = run.catch(() => {})
    return run
  }
}

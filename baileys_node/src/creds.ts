/**
 * The device's credentials: read once when a socket opens, written back coalesced, the latest state winning.
 * Credentials that cannot be read are an error, never a reason to make new ones.
 */

import { BufferJSON, initAuthCreds, type AuthenticationCreds } from '@whiskeysockets/baileys'
import { OperationError } from './errors.ts'
import { isObject } from './frames.ts'

/** The stored credentials revived, or new ones when nothing is stored. Throws OperationError `bad_request`. */
export function reviveCreds(stored: string | null): AuthenticationCreds {
  if (stored === null) return initAuthCreds()
  let creds: unknown
  try {
    creds = JSON.parse(stored, BufferJSON.reviver)
  } catch {
    throw new OperationError('bad_request', 'the stored credentials are not JSON')
  }
  if (!isObject(creds) || !isObject(creds['noiseKey']) || !isObject(creds['signedIdentityKey']) || !isPaired(creds)) {
    throw new OperationError('bad_request', 'the stored credentials are not those of a paired device')
  }
  return creds as unknown as AuthenticationCreds
}

/** Asking for a pairing code already sets `me`; only `account` proves that the phone accepted this device. */
export function isPaired(creds: Pick<AuthenticationCreds, 'me' | 'account'> | Record<string, unknown>): boolean {
  return isObject(creds.me) && typeof creds.account === 'object' && creds.account !== null
}

/** Writes credentials one at a time; what changed meanwhile goes in one more write. */
export class CredsWriter {
  readonly #creds: AuthenticationCreds
  readonly #write: (creds: string) => Promise<unknown>
  #dirty = false
  #writing: Promise<void> | null = null

  constructor(creds: AuthenticationCreds, write: (creds: string) => Promise<unknown>) {
    this.#creds = creds
    this.#write = write
  }

  /** Marks the credentials as changed. Unpaired ones are worth nothing after this socket and are not kept. */
  changed(): void {
    if (isPaired(this.#creds)) this.#dirty = true
  }

  /** Resolves when the present state is durable; rejects with the write's error, the state staying unsaved. */
  flush(): Promise<void> {
    this.#writing ??= this.#drain()
    return this.#writing
  }

  async #drain(): Promise<void> {
    try {
      // Changes made in the same breath go together, and `flush` has kept this promise before it ends.
      await Promise.resolve()
      while (this.#dirty) await this.#writeOnce()
    } finally {
      this.#writing = null
    }
  }

  async #writeOnce(): Promise<void> {
    this.#dirty = false
    try {
      await this.#write(JSON.stringify(this.#creds, BufferJSON.replacer))
    } catch (error) {
      this.#dirty = true
      throw error
    }
  }
}

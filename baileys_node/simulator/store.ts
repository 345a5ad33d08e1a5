/** What the simulator must still know after a restart: one SQLite file of (scope, key) → JSON. */

import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { BufferJSON } from '@whiskeysockets/baileys'

export class Store {
  readonly #database: DatabaseSync
  readonly #get: StatementSync
  readonly #put: StatementSync
  readonly #drop: StatementSync
  readonly #all: StatementSync

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    this.#database = new DatabaseSync(join(folder, 'whatsapp.sqlite'))
    // A killed process loses nothing this way; only a machine that stops might.
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
    this.#database.exec(
      'CREATE TABLE IF NOT EXISTS kept (scope TEXT, key TEXT, value TEXT, PRIMARY KEY (scope, key)) WITHOUT ROWID',
    )
    this.#get = this.#database.prepare('SELECT value FROM kept WHERE scope = ? AND key = ?')
    this.#put = this.#database.prepare('INSERT OR REPLACE INTO kept (scope, key, value) VALUES (?, ?, ?)')
    this.#drop = this.#database.prepare('DELETE FROM kept WHERE scope = ? AND key = ?')
    this.#all = this.#database.prepare('SELECT key, value FROM kept WHERE scope = ? ORDER BY key')
  }

  get<T>(scope: string, key: string): T | undefined {
    const row = this.#get.get(scope, key) as { value: string } | undefined
    return row && (JSON.parse(row.value, BufferJSON.reviver) as T)
  }

  put(scope: string, key: string, value: unknown): void {
    this.#put.run(scope, key, JSON.stringify(value, BufferJSON.replacer))
  }

  drop(scope: string, key: string): void {
    this.#drop.run(scope, key)
  }

  /** Everything of a scope, in the order of its keys. */
  all<T>(scope: string): [string, T][] {
    const rows = this.#all.all(scope) as { key: string; value: string }[]
    return rows.map(({ key, value }) => [key, JSON.parse(value, BufferJSON.reviver) as T])
  }

  /** The kept value, or the one that `make` makes now and that is kept from now on. */
  once<T>(scope: string, key: string, make: () => T): T {
    const known = this.get<T>(scope, key)
    if (known !== undefined) return known
    const made = make()
    this.put(scope, key, made)
    return made
  }

  /** All that `work` writes, or none of it. */
  together<T>(work: () => T): T {
    this.#database.exec('BEGIN')
    try {
      const result = work()
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
  }

  close(): void {
    this.#database.close()
  }
}

/** The typed errors that cross the link. `code` is what Python sees; `detail` never carries a phone, a key or a text. */

export type ErrorCode =
  | 'bad_request'
  | 'no_session'
  | 'not_open'
  | 'unreachable'
  | 'busy'
  | 'timeout'
  | 'closed'
  | 'stale_epoch'
  | 'internal'

/** An operation refused or failed, with the code the other side is told. */
export class OperationError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, detail: string) {
    super(detail)
    this.name = 'OperationError'
    this.code = code
  }
}

/** The other side answered a call of ours with an error. `code` is whatever it said. */
export class RemoteError extends Error {
  readonly code: string

  constructor(code: string, detail: string) {
    super(detail)
    this.name = 'RemoteError'
    this.code = code
  }
}

/** Python's word for an item that it can never keep as it is: it costs that item, not the session. */
export const POISON = 'poison'

/** A frame that is too long, or a length that no frame has: there, the frames are lost and the link ends. */
export class ProtocolError extends Error {
  constructor(detail: string) {
    super(detail)
    this.name = 'ProtocolError'
  }
}

/** What a log may say of an error: its class and its code, never its text, which may quote a stanza. */
export function describe(error: unknown): { error: string; code?: string | number } {
  if (!(error instanceof Error)) return { error: typeof error }
  const { code, output } = error as { code?: unknown; output?: { statusCode?: unknown } }
  const status = code ?? output?.statusCode
  return typeof status === 'string' || typeof status === 'number'
    ? { error: error.name, code: status }
    : { error: error.name }
}

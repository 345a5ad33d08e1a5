/**
 * Silences `console` before anything else is loaded: libsignal prints private session keys through it.
 * Import this module first.
 */

const silent = (): void => {}

for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table', 'group'] as const) {
  console[method] = silent
}

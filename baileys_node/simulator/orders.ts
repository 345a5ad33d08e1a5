/** The fields of what may be asked of the simulator, and the kind of each. */

import { CONTENTS } from './contents.ts'
import { isCode } from './farewells.ts'
import { type FaultOrder, LOOK_UP_ANSWERS } from './faults.ts'
import {
  isChance,
  isCount,
  isFlag,
  isInstant,
  isListOf,
  isMilliseconds,
  isNumber,
  isObject,
  isOneOf,
  isSize,
  isText,
  type Kind,
} from './fields.ts'
import type { Behaviour } from './phone.ts'

const RULE = { times: isCount, chance: isChance, seed: isCount }
export const FAULTS: Record<keyof FaultOrder, Kind> = {
  number: isNumber,
  refuse: isObject({ error: isCount, to: isNumber, ...RULE }, ['error']),
  look_up: isObject(
    { answer: isOneOf(...LOOK_UP_ANSWERS), code: isCount, of: isNumber, about: isOneOf('contact', 'devices'), ...RULE },
    ['answer'],
  ),
  acks: isObject({ how: isOneOf('late', 'none', 'twice'), ms: isMilliseconds, to: isNumber, id: isText, ...RULE }, ['how']),
  receipts: isObject({ how: isOneOf('none', 'twice', 'read_first'), to: isNumber, ...RULE }, ['how']),
  cut: isObject({ when: isOneOf('before_storing', 'before_ack', 'after_ack'), to: isNumber, ...RULE }, ['when']),
  refuse_logins: isObject({ code: isCode, expire_s: isCount, ...RULE }, ['code']),
  refuse_pn: isCount,
  ack_delay_ms: isMilliseconds,
  drop_acks: isCount,
  drop_messages: isCount,
  silent: isFlag,
  drop_connection_after_messages: isCount,
  slow_ms: isMilliseconds,
}
export const BEHAVIOUR: Record<keyof Behaviour, Kind> = { delivers: isFlag, reads: isFlag, asks_retry: isCount, passkey: isFlag }
export const PHONE = { number: isNumber, name: isText, passkey: isFlag }
export const REPLY = {
  to: isNumber,
  text: isText,
  raw: isText,
  name: isText,
  lid_form: isFlag,
  kind: isOneOf(...CONTENTS),
  file_name: isText,
  size_bytes: isSize,
  seconds: isCount,
  about: isText,
}
export const RECEIPTS = { to: isNumber, ids: isListOf(isText), type: isText, times: isCount }
export const KICK = { code: isCode, expire_s: isCount }
export const RESTRICT = { until_s: isInstant }

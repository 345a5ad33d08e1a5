/** What a phone can write besides a plain text: each kind as WhatsApp encodes it, without the file that it names. */

import { proto } from '@whiskeysockets/baileys'

export const CONTENTS = [
  'text', 'image', 'audio', 'video', 'pdf', 'document', 'sticker', 'contact', 'location', 'reaction', 'poll', 'edit', 'delete',
] as const

/** A kind, with its words (a caption, a name of a place) and what is said of its file; `about` is another message's id. */
export interface Sent {
  kind: (typeof CONTENTS)[number]
  text?: string
  fileName?: string
  sizeBytes?: number
  seconds?: number
  about?: string
}

type Type = proto.Message.ProtocolMessage.Type
const { MESSAGE_EDIT, REVOKE } = proto.Message.ProtocolMessage.Type

/** The message as the phone encrypts it. */
export function contentOf({ kind, text = '', fileName = '', sizeBytes = 0, seconds = 0, about = '' }: Sent): proto.IMessage {
  const file = { fileLength: sizeBytes }
  const changes = (type: Type, rest: object): proto.IMessage => ({ protocolMessage: { type, key: { id: about }, ...rest } })
  switch (kind) {
    case 'text':
      return { conversation: text }
    case 'image':
      return { imageMessage: { ...file, caption: text, mimetype: 'image/jpeg' } }
    case 'audio':
      return { audioMessage: { ...file, seconds, ptt: true, mimetype: 'audio/ogg; codecs=opus' } }
    case 'video':
      return { videoMessage: { ...file, seconds, caption: text, mimetype: 'video/mp4' } }
    case 'pdf':
      return withCaption({ ...file, caption: text, fileName, mimetype: 'application/pdf' })
    case 'document':
      return withCaption({ ...file, caption: text, fileName, mimetype: 'application/octet-stream' })
    case 'sticker':
      return { stickerMessage: { ...file, mimetype: 'image/webp' } }
    case 'contact':
      return { contactMessage: { displayName: fileName, vcard: 'BEGIN:VCARD\nEND:VCARD' } }
    case 'location':
      return { locationMessage: { name: fileName, degreesLatitude: -23.5, degreesLongitude: -46.6 } }
    case 'reaction':
      return { reactionMessage: { key: { id: about }, text } }
    case 'poll':
      return { pollCreationMessage: { name: text, options: [{ optionName: 'Sim' }] } }
    case 'edit':
      return { editedMessage: { message: changes(MESSAGE_EDIT, { editedMessage: { conversation: text } }) } }
    case 'delete':
      return changes(REVOKE, {})
  }
}

/** Since captions of documents exist, WhatsApp wraps the ones that have one. */
function withCaption(documentMessage: proto.Message.IDocumentMessage): proto.IMessage {
  return documentMessage.caption ? { documentWithCaptionMessage: { message: { documentMessage } } } : { documentMessage }
}

/** One event of a stream. */
export interface StreamEvent {
  event: string
  data: string
}

/**
 * Takes a text/event-stream apart as it comes (HTML, § Server-sent events). EventSource does the same, but cannot show a token.
 */
export class EventParser {
  private rest = ''
  private event = ''
  private data: string[] = []
  private first = true

  /** Gives the events that text completes. */
  push(text: string): StreamEvent[] {
    if (this.first && text !== '') {
      this.first = false
      text = text.replace(/^\ufeff/, '')
    }
    this.rest += text
    const events: StreamEvent[] = []
    // A carriage return at the very end may be half of a line's end.
    for (let end; (end = /\r\n|\n|\r(?!$)/.exec(this.rest)); ) {
      this.line(this.rest.slice(0, end.index), events)
      this.rest = this.rest.slice(end.index + end[0].length)
    }
    return events
  }

  private line(line: string, events: StreamEvent[]): void {
    if (line === '') {
      if (this.data.length > 0) events.push({ event: this.event || 'message', data: this.data.join('\n') })
      this.event = ''
      this.data = []
      return
    }
    const [, field = '', value = ''] = /^([^:]*)(?:: ?)?(.*)$/s.exec(line) ?? []
    if (field === 'data') this.data.push(value)
    else if (field === 'event') this.event = value
  }
}

/** The events of an answer, as they come. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  const parser = new EventParser()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      yield* parser.push(done ? decoder.decode() : decoder.decode(value, { stream: true }))
      if (done) return
    }
  } finally {
    reader.cancel().catch(() => undefined) // it may have ended already
  }
}

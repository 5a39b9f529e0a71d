import { computed, ref, shallowRef, watch } from 'vue'
import { ApiError } from '@/api/client'
import { useQuery } from '@/api/query'
import type { Position } from '@/api/types'
import { useNow } from '@/app/clock'
import { address } from '@/app/address'
import { useShell } from '@/app/stage'
import { text, texts, type Codec } from '@/url/codec'
import { useUrlState } from '@/url/state'
import { openAt, planCodec, type PlanState } from './model'
import { reportCodec, type ReportState } from './report'
import { begin, maybeEdits, move, place, push, redo, sameEdits, undo, type Edits, type History } from './scenario'
import { idPattern, remember, scenarios, seen } from './scenarioApi'
import { Latest, Trials, timeOf, type Question, type Scenario, type Settings, type Trial } from './trial'

interface ScenarioState extends PlanState, Pick<ReportState, 'measure'> {
  /** The scenario that was kept, by its id. */
  scenario: string
  /** Changes that are not kept yet. */
  edits: Edits | undefined
  /** Others to hold beside it, by their ids. */
  beside: readonly string[]
}

export const mostBeside = 4

const codec: Codec<ScenarioState> = {
  ...planCodec,
  measure: reportCodec.measure,
  scenario: text(idPattern),
  edits: maybeEdits(),
  beside: texts(idPattern, mostBeside),
}

/** What was asked, and when the edit was made that it is about. */
interface Asked extends Question {
  since: number
}

/** The scenario on screen: what was edited, what it comes to, and how it stands to the one that was kept. */
export function useScenario() {
  const shell = useShell()
  const now = useNow()
  const { state, set } = useUrlState(address, codec)

  const stations = useQuery(
    () => `stations ${shell.changes.value}`,
    (signal) => scenarios.stations(signal),
  )

  // The scenario that was kept

  const kept = shallowRef<Scenario>()
  const name = ref('')
  const known = shallowRef(seen())
  const fetched = useQuery(
    () => (state.value.scenario && state.value.scenario !== kept.value?.id ? state.value.scenario : undefined),
    (signal) => scenarios.get(state.value.scenario, signal),
  )
  watch(fetched.data, (scenario) => scenario && take(scenario, state.value.edits))

  /** Puts a scenario on screen, with changes that are not kept yet. */
  function take(scenario: Scenario, changes: Edits | undefined): void {
    kept.value = scenario
    name.value = scenario.name
    known.value = remember(scenario)
    history.value = begin(changes ?? scenario.edits)
    if (changes) return
    const { profile, minutes, kinds = [], open_at } = scenario.settings
    set({ profile, minutes, kind: kinds, time: timeOf(open_at) })
  }

  /** Takes over what the service keeps now; what is on screen is that. */
  function keep(scenario: Scenario): void {
    kept.value = scenario
    name.value = scenario.name
    known.value = remember(scenario)
    set({ scenario: scenario.id, edits: undefined })
  }

  /** Begins another one. */
  function fresh(): void {
    kept.value = undefined
    name.value = ''
    history.value = begin([])
    set({ scenario: '', edits: undefined }, { push: true })
  }

  // What is edited

  const history = shallowRef<History>(begin(state.value.edits ?? []))
  /** The edits while a station is on its way. */
  const draft = shallowRef<Edits>()
  const edits = computed(() => draft.value ?? history.value.now)
  const adopted = computed(() => kept.value?.adopted_at !== undefined)
  /** The stations of the edits by name; those of an adopted scenario are in the record besides. */
  const listed = computed(() => place(stations.data.value ?? [], edits.value))
  const placed = computed(() => (adopted.value ? place(stations.data.value ?? [], []) : listed.value))

  function edit(next: Edits): void {
    draft.value = undefined
    if (!adopted.value) history.value = push(history.value, next)
  }

  /** A station is on its way; the figures come along. */
  function drag(next: Edits | undefined): void {
    if (!adopted.value) draft.value = next
  }

  const carry = (id: number, at: Position, over: boolean) => {
    const next = move(history.value.now, id, at)
    if (over) edit(next)
    else drag(next)
  }

  const unkept = computed(() => !sameEdits(history.value.now, kept.value?.edits ?? []))
  /** Whether there are more changes than the address holds, so that a link would lose them. */
  const tooLong = computed(() => unkept.value && maybeEdits().format(history.value.now) === '')
  watch([() => history.value.now, unkept], ([edited, differs]) => {
    if (state.value.scenario && !kept.value) return // it is on its way
    set({ edits: differs ? edited : undefined })
  })

  // What it comes to

  /** Follows the slider at every step. */
  const minutes = ref(state.value.minutes)
  watch(() => state.value.minutes, (settled) => (minutes.value = settled))
  const settings = computed<Settings>(() => {
    const { profile, kind, time } = state.value
    const at = openAt(time, now.value)
    return { profile, minutes: minutes.value, ...(kind.length > 0 && { kinds: [...kind] }), ...(at && { open_at: at }) }
  })

  const trial = shallowRef<Trial>()
  const error = shallowRef<ApiError>()
  const waiting = ref(true)
  /** When the edit was made that the trial answers, on the page's own clock. */
  let since = 0
  const trials = new Trials()
  const latest = new Latest<Asked, Trial>(
    (question) => {
      since = question.since
      return trials.ask(question)
    },
    (answer) => {
      trial.value = answer
      error.value = undefined
      waiting.value = false
    },
    (cause) => {
      error.value = cause instanceof ApiError ? cause : new ApiError(0, 'internal', String(cause))
      waiting.value = false
    },
  )
  const streets = computed(() => state.value.measure === 'streets')
  const ask = () => {
    // An adopted scenario is part of the record: its edits would be made a second time.
    latest.want({ settings: settings.value, edits: adopted.value ? [] : edits.value, streets: streets.value, since: performance.now() })
  }
  watch([() => JSON.stringify(settings.value), edits, adopted, streets, shell.changes], ask, { immediate: true, flush: 'sync' })

  /** Stations of the scenario that are others in the record than when it was kept. */
  const changedSince = computed(() => {
    const was = new Map(kept.value?.base.stations.map((s) => [s.station, s.version]))
    if (adopted.value) return []
    return (trial.value?.base.stations ?? []).filter((s) => was.has(s.station) && was.get(s.station) !== s.version).map((s) => s.station)
  })

  return {
    state,
    set,
    stations,
    placed,
    listed,
    edits,
    history,
    edit,
    drag,
    carry,
    undo: () => (history.value = undo(history.value)),
    redo: () => (history.value = redo(history.value)),
    minutes,
    settings,
    streets,
    trial,
    error,
    waiting,
    ask,
    since: () => since,
    kept,
    known,
    name,
    fetched,
    keep,
    fresh,
    take,
    unkept,
    tooLong,
    adopted,
    changedSince,
    forget: (id: string) => (known.value = remember({ id, name: '' })),
  }
}

export type ScenarioDesk = ReturnType<typeof useScenario>

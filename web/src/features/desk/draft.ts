import { ref, shallowRef } from 'vue'
import { noAnswers, type Kind } from './imports'

/** The form of an upload, kept while the page is open: a file that was refused is often sent again with one more answer. */
export const draft = {
  kind: ref<Kind>('parcels'),
  file: shallowRef<File>(),
  answers: ref({ ...noAnswers }),
  /** Whether a file has left something open, so that the answers are shown at once. */
  asked: ref(false),
}

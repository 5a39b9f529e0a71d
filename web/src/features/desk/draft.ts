import { ref, shallowRef } from 'vue'
import { noAnswers, type Kind } from './imports'

/** The form of an upload, kept while the page is open: a file that was refused is often sent again with one more answer. */
export const draft = { kind: ref<Kind>('parcels'), file: shallowRef<File>(), answers: ref({ ...noAnswers }) }

import { useI18n } from 'vue-i18n';

/** Who did something: people and keys by what they are called, what is nobody in words. */
export function useActorWords(): (type: string, label: string) => string {
  const { t, te } = useI18n();
  return (type, label) => (te(`actor.${type}`) ? t(`actor.${type}`) : label);
}

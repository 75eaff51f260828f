import { onBeforeUnmount, onMounted, shallowRef, type Ref } from 'vue';

/**
 * Whether an element's content is wider than itself. A region that scrolls has to take the keyboard
 * focus; one that does not would be an empty stop for Tab.
 */
export function useOverflow(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<boolean>> {
  const isOverflowing = shallowRef(false);
  let observer: ResizeObserver | undefined;

  onMounted(() => {
    const box = element.value;
    if (!box || typeof ResizeObserver === 'undefined') return;
    observer = new ResizeObserver(() => {
      isOverflowing.value = box.scrollWidth > box.clientWidth;
    });
    observer.observe(box);
    if (box.firstElementChild) observer.observe(box.firstElementChild);
  });
  onBeforeUnmount(() => observer?.disconnect());

  return isOverflowing;
}

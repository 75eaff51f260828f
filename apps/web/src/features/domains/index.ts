export { default as DomainsTab } from './components/DomainsTab.vue';

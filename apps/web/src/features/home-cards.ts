/**
 * What fills the cards of the home page (`HomeCard.load`), in one file for the browser: a request for each costs a slow
 * telephone more than all of them weigh.
 */
export { default as HomeEvents } from './agenda/components/HomeEvents.vue';
export { default as HomeAnnouncements } from './announcements/components/HomeAnnouncements.vue';
export { default as HomeChanges } from './audit/components/HomeChanges.vue';
export { default as HomeSchool } from './current-tenant/components/HomeSchool.vue';
export { default as HomeAttention } from './home/components/HomeAttention.vue';
export { default as HomeLimits } from './home/components/HomeLimits.vue';
export { default as HomeMessages } from './messaging/components/HomeMessages.vue';
export { default as HomeChildren } from './student-records/components/HomeChildren.vue';
export { default as HomeClasses } from './student-records/components/HomeClasses.vue';

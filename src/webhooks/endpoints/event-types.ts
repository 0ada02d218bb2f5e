import { eventTypes, type EventType } from '../../notifications/event-store.js';

export { eventTypes };

export const isEventType = (text: string): text is EventType => eventTypes.some((type) => type === text);

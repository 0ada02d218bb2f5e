import { noticesItsDefects, plantedDrills } from '../planted-drills.js';

noticesItsDefects(plantedDrills.faxes);

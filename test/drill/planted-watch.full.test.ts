// Runs for 320 s
import { noticesItsDefects, plantedDrills } from './planted-drills.js';

noticesItsDefects(plantedDrills.watch);

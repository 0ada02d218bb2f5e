// Runs for 200 s
import { noticesItsDefects, plantedDrills } from './planted-drills.js';

noticesItsDefects(plantedDrills.watch);

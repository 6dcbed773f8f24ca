/* Generated from src/schema/physical-act.schema.json by `npm run types`. */

/**
 * What only a person with hands can do, or a management controller in their place.
 */
export type PhysicalAct =
  | {
      act: 'replaceDisk';
      server: string;
      device: string;
    }
  | {
      act: 'powerOn';
      server: string;
    }
  | {
      act: 'cutPower';
      server: string;
    }
  | {
      act: 'insertMedium';
      server: string;
      medium: string;
    }
  | {
      act: 'removeMedium';
      server: string;
    }
  | {
      act: 'startSingleUser';
      server: string;
    }
  | {
      act: 'takeDiskImage';
      server: string;
      image: string;
      system: boolean;
    }
  | {
      act: 'restoreDiskImage';
      server: string;
      image: string;
    }
  | {
      act: 'pullCable';
      server: string;
      net: string;
    }
  | {
      act: 'plugCable';
      server: string;
      net: string;
    }
  | {
      act: 'changeAddress';
      server: string;
      interface: string;
      address: string;
    }
  | {
      act: 'replaceServer';
      server: string;
      keepsDisks: boolean;
    }
  | {
      act: 'installProduct';
      server: string;
    }
  | {
      act: 'copyMedium';
      server: string;
      medium: string;
      folder: string;
    }
  | {
      act: 'editMedium';
      server: string;
      medium: string;
      change: string;
    }
  | {
      act: 'addDisk';
      server: string;
      device: string;
    };

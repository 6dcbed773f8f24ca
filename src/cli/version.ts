/** The program's version, as `--version` prints it and documents name it. */
export const programVersion = '0.1.0';

"""The app's pages and components. They use the engine through its public names only."""

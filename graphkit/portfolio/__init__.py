"""Many vaults as one dataset: their sources, the engines that read them, the dataset, and questions to it."""

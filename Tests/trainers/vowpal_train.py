import vowpalwabbit

vowpalwabbit.Workspace("--data vw.txt --passes 3 --cache_file cache -k --loss_function logistic").finish()
